import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { App } from '../../src/apps/app.js';
import { AppFiles } from '../../src/apps/app-files.js';
import { systemClock } from '../../src/base/clock.js';
import type { DynoSizeName } from '../../src/base/sizes.js';
import { openHost } from '../../src/host/compose.js';
import { composeApp } from '../../src/host/compose-app.js';
import type { Host, NewApp } from '../../src/host/host.js';
import { keepApps } from '../../src/host/kept-apps.js';
import { LogBus } from '../../src/logs/bus.js';
import type { LogEntry } from '../../src/logs/entry.js';
import { makeFolder } from './folder.js';

/**
 * Starts a host without apps on free ports; it is closed when the test ends.
 * @param options.dataFolder where its certificate authority is; without one it speaks no TLS
 */
export async function startTestHost({
  port = 0,
  dataFolder,
  hasDashboard = true,
}: {
  readonly port?: number;
  readonly dataFolder?: string;
  readonly hasDashboard?: boolean;
} = {}): Promise<Host> {
  const host = await openHost({
    env: process.env,
    router: { port },
    ...(dataFolder !== undefined && { dataFolder }),
    control: testControl(makeFolder(), hasDashboard),
  });
  onTestFinished(() => host.close());
  return host;
}

function testControl(folder: string, hasDashboard = true) {
  return {
    token: 'secret',
    stateFolder: join(folder, 'shared'),
    ...(hasDashboard && { dashboardFile: join(folder, 'dashboard.json') }),
  };
}

/**
 * Starts a host that keeps its apps in a folder; it is closed when the test ends.
 * @param options.env added to the environment that it is started with
 * @param options.onProblem called with what is not as it should be on this machine, or with an app
 */
export async function startKeptHost(...options: Parameters<typeof openKeptHost>): Promise<Host> {
  const host = await openKeptHost(...options);
  await host.kept?.load();
  return host;
}

/** Like {@link startKeptHost}, before it has loaded its apps. */
export async function openKeptHost(
  state: string,
  {
    env = {},
    onProblem = () => {},
    size = 'Eco',
  }: {
    readonly env?: NodeJS.ProcessEnv;
    readonly onProblem?: (line: string) => void;
    readonly size?: DynoSizeName;
  } = {},
): Promise<Host> {
  const host = await openHost({
    env: { ...process.env, ...env },
    router: { port: 0 },
    control: testControl(state),
    addons: { folder: join(state, 'addons'), cacheFolder: state, authorityFolder: state, isStrict: false },
    kept: keepApps({
      state,
      cache: join(state, 'cache'),
      settings: {},
      size,
      openLog: () => new LogBus(),
      onProblem,
    }),
  });
  onTestFinished(() => host.close());
  return host;
}

/** Adds an app made of these files to a host and starts it. */
export async function addTestApp(
  host: Host,
  name: string,
  files: Readonly<Record<string, string>>,
  options: Partial<NewApp> = {},
): Promise<App> {
  const app = await addAppIn(host, name, { dir: makeFolder(files) }, options);
  await host.startApp(app);
  return app;
}

/** Adds the app of a folder to a host, without starting it. */
export function addAppIn(
  host: Host,
  name: string,
  { dir, envFiles = [] }: { readonly dir: string; readonly envFiles?: readonly string[] },
  options: Partial<NewApp> = {},
): Promise<App> {
  const world = { clock: systemClock, shell: process.env };
  const files = new AppFiles({ dir, procfile: 'Procfile', envFiles }, world);
  const { slug, env } = files;
  // Its dynos end before their folder is removed: callbacks run in reverse order.
  onTestFinished(() => host.close());
  return host.addApp(composeApp({ name, slug, layers: [env], files, ...options }));
}

/** Resolves with the first line of the app's log that matches, now or later. */
export function logged(app: App, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    const look = ({ line }: LogEntry): boolean => {
      if (!pattern.test(line)) return false;
      unsubscribe();
      resolve(line);
      return true;
    };
    const unsubscribe = app.logs.subscribe(look);
    app.logs.recent(1500).some(look);
  });
}
