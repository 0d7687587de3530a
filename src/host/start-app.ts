import type { AppControl, HostControl } from '../api/control.js';
import { AppFiles } from '../apps/app-files.js';
import { appNameOf } from '../apps/app-name.js';
import type { SleepSettings } from '../apps/sleep/app-sleep.js';
import { systemTime, type Time } from '../base/clock.js';
import { realFolder } from '../base/folders.js';
import type { RealTimeouts } from '../base/limits.js';
import { applyFormation, defaultFormation, toQuantities } from '../procfile/formation.js';
import { openHost } from './compose.js';
import { composeApp } from './compose-app.js';
import { DEFAULTS } from './defaults.js';
import type { Host, HostOptions } from './host.js';
import { addonFolders } from './host-addons.js';
import { ownIdentity } from './identity.js';

/** Options of a host; all have defaults. */
export interface StartHostOptions {
  /** The router's port. Default: any free port. */
  readonly port?: number;
  /** How many times faster than real time platform time runs. */
  readonly speed?: number;
  /** How long a dyno runs until it is restarted, platform time, plus up to 15 % at random. Infinity: never. */
  readonly cycleAfterMs?: number;
  /** Real time, in ms. */
  readonly timeouts?: Partial<RealTimeouts>;
}

/** Options of an app; only the folder is required. */
export interface AppSetup {
  /** The app's folder. */
  readonly dir: string;
  /** Default: derived from the folder's name. */
  readonly name?: string;
  /** Relative to the folder. Default: `Procfile`. */
  readonly procfile?: string;
  /** Relative to the folder. Default: `.env`, if it exists. */
  readonly envFiles?: readonly string[];
  /** The number of dynos of each type. Default: 1. */
  readonly formation?: Readonly<Record<string, number>>;
  readonly sleep?: Partial<SleepSettings>;
  /** The memory quota of every dyno in bytes, in place of its size's; Infinity: none. */
  readonly memoryQuota?: number;
}

export interface StartAppOptions extends StartHostOptions, AppSetup {}

/** A host in this process. */
export interface RunningHost {
  readonly control: HostControl;
  /** The router's URL: `http://127.0.0.1:41234`. An app's URL is `http://NAME.localhost:41234`. */
  readonly url: string;
  /**
   * Runs another app.
   * @throws UserError `NAME_TAKEN`, and as `startApp`
   */
  startApp(setup: AppSetup): Promise<AppControl>;
  /** Stops all apps gracefully. Resolves when none of their processes is left. */
  stop(): Promise<void>;
}

/** An app, and its host in this process. */
export interface RunningApp {
  readonly app: AppControl;
  readonly host: HostControl;
  /** The app's URL: `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Stops the app gracefully. Resolves when none of its processes is left. */
  stop(): Promise<void>;
}

/** @param env the dynos' environment, in addition to their config vars */
export async function runHost(options: StartHostOptions, env: NodeJS.ProcessEnv): Promise<RunningHost> {
  const { host, time } = await open(options, env);
  return {
    control: host.control,
    url: host.url,
    startApp: (setup) => runIn(host, setup, { env, time, takesEveryHost: false }),
    stop: () => host.close(),
  };
}

/**
 * Runs the app in a folder, like `dynosim start`. Resolves when its dynos are starting.
 * @param env the dynos' environment, in addition to their config vars
 * @throws UserError `ALREADY_RUNNING`, `RELEASE_FAILED`, or about an invalid Procfile or env file
 */
export async function runApp(options: StartAppOptions, env: NodeJS.ProcessEnv): Promise<RunningApp> {
  const addons = { ...addonFolders(env, realFolder(options.dir)), isStrict: false };
  const { host, time } = await open(options, env, addons);
  try {
    const app = await runIn(host, options, { env, time, takesEveryHost: true });
    return { app, host: host.control, url: host.url, stop: () => host.close() };
  } catch (error) {
    await host.close();
    throw error;
  }
}

async function open(
  { port = 0, speed = DEFAULTS.speed, cycleAfterMs = DEFAULTS.cycleAfterMs, timeouts }: StartHostOptions,
  env: NodeJS.ProcessEnv,
  addons?: HostOptions['addons'],
) {
  const time = systemTime(speed);
  const host = await openHost({
    env,
    time,
    timeouts: { ...DEFAULTS.timeouts, ...timeouts },
    cycleAfterMs,
    router: { port },
    ...(addons && { addons }),
    onStopRequest: () => void host.close(),
  });
  return { host, time };
}

async function runIn(
  host: Host,
  setup: AppSetup,
  world: { readonly env: NodeJS.ProcessEnv; readonly time: Time; readonly takesEveryHost: boolean },
): Promise<AppControl> {
  const { procfile = DEFAULTS.procfile, envFiles = [], name, formation = {}, sleep, memoryQuota } = setup;
  const dir = realFolder(setup.dir);
  const files = new AppFiles({ dir, procfile, envFiles }, { clock: world.time.real, shell: world.env });
  const { slug, env } = files;
  const app = await host.addApp(
    composeApp({
      name: name ?? appNameOf(dir),
      id: ownIdentity(dir).id,
      slug,
      layers: [env],
      files,
      takesEveryHost: world.takesEveryHost,
      formation: applyFormation(
        defaultFormation(slug.processes.keys()),
        toQuantities(Object.entries(formation)),
      ),
      sleep: { ...DEFAULTS.sleep, ...sleep },
      memoryQuota,
    }),
  );
  await host.startApp(app);
  return host.control.app(app.name);
}
