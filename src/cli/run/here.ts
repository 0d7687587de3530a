import { App } from '../../apps/app.js';
import type { AppPlace } from '../../apps/app-files.js';
import { appIdOf } from '../../apps/app-name.js';
import type { Session } from '../../apps/control.js';
import { LocalApp } from '../../apps/local-app.js';
import type { RunRequest } from '../../apps/requests.js';
import { systemTime } from '../../base/clock.js';
import { Closers } from '../../base/closers.js';
import { UserError } from '../../base/errors.js';
import { realFolder } from '../../base/folders.js';
import { EnvLayer } from '../../config/env-layer.js';
import { resolveProcfile } from '../../config/resolve-procfile.js';
import { Ports } from '../../dynos/ports.js';
import { UNKNOWN_PROCESSES } from '../../dynos/process-info.js';
import { addonAppOf } from '../../host/addon-app.js';
import { composeApp } from '../../host/compose-app.js';
import { addonFolders, HostAddons } from '../../host/host-addons.js';
import type { Procfile } from '../../procfile/parse.js';
import { note } from '../output.js';
import { makeEphemeral } from '../start/ephemeral.js';
import { type StartOptions, startOptions } from '../start/options.js';
import { startOwnContainment } from '../start/own-containment.js';
import { startFlags } from '../start/rc-file.js';
import { attach } from './attach.js';

/**
 * Runs a command in a one-off dyno of this process, as `start` would run it in this folder: an app without any
 * other dyno.
 * @throws UserError for files or flags that cannot be used
 */
export async function runHere(where: string, request: RunRequest, hasTerminal: boolean): Promise<Session> {
  const dir = realFolder(where);
  const options = startOptions(startFlags(dir), dir, false);
  const closers = new Closers();
  try {
    const app = await startApp(options, closers);
    const session = await attach(new LocalApp(app, () => ''), request, hasTerminal);
    return { ...session, close: () => session.close().finally(() => closers.close()) };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** Commands run even for an app without a Procfile. */
function readProcesses({ dir, procfile }: AppPlace): Procfile {
  try {
    return resolveProcfile(dir, procfile).processes;
  } catch (error) {
    if (error instanceof UserError && error.code === 'PROCFILE_MISSING') return new Map();
    throw error;
  }
}

async function startApp(options: StartOptions, closers: Closers): Promise<App> {
  const { place } = options;
  const time = systemTime();
  const env = new EnvLayer({ ...place, clock: time.real, shell: process.env });
  const slug = { dir: place.dir, processes: readProcesses(place) };
  const containment = await startOwnContainment();
  closers.add(() => containment.close());
  const ports = new Ports();
  const { overlay, gaps } = await makeEphemeral(options, place.dir, containment);
  for (const gap of gaps) note(gap);
  const parts = { name: options.appName, slug, overlay, formation: new Map(), hasReleasePhase: false };
  const setup = composeApp({ ...options, ...parts, layers: [env] });
  const app = new App({
    ...setup,
    id: appIdOf(place.dir),
    shell: process.env,
    world: {
      time,
      timeouts: options.timeouts,
      containment,
      ports,
      processes: UNKNOWN_PROCESSES,
      memory: { of: () => undefined, refresh: () => {} },
      debuggers: { holds: () => false },
      observers: [],
      cycleMs: () => Number.POSITIVE_INFINITY,
    },
  });
  const showRemarks = () =>
    setup.logs.subscribe(({ source: from, line }) => {
      if (from === 'dynosim') note(`dynosim: ${line}`);
    });
  const hideRemarks = showRemarks();
  const addons = new HostAddons({
    ...addonFolders(process.env, place.dir),
    isStrict: options.isStrict,
    time,
    containment,
    ports,
    shell: process.env,
    app: () => addonApp,
    appNamed: () => addonApp,
    onBug: (error) => {
      throw error;
    },
  });
  const addonApp = addonAppOf(app);
  closers.add(() => addons.close());
  await addons.join(addonApp);
  // Remarks on the first release, such as that its command was skipped, are for people who start the app.
  hideRemarks();
  await app.start();
  showRemarks();
  return app;
}
