import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Addons } from '../../src/addons/addons.js';
import type { AddonsWorld } from '../../src/addons/world.js';
import { systemTime } from '../../src/base/clock.js';
import { startContainment } from '../../src/dynos/contain/index.js';
import { Ports } from '../../src/dynos/ports.js';
import { FakeAddonApp } from './fake-addons.js';
import { makeFolder } from './folder.js';

export interface AddonsOptions {
  /** Default: a new folder. */
  readonly folder?: string;
  readonly shell?: NodeJS.ProcessEnv;
  readonly cacheFolder?: string;
  readonly isStrict?: boolean;
  readonly isPortable?: boolean;
}

/** Add-ons with real servers, for one fake app called `app`. They end with the test. */
export async function startAddons(options: AddonsOptions = {}) {
  const { folder = join(makeFolder(), 'addons'), shell = process.env, isStrict = false } = options;
  const time = systemTime();
  const containment = await startContainment({
    platform: process.platform,
    path: process.env.PATH ?? '',
    portable: options.isPortable ?? false,
    clock: time.real,
  });
  const app = new FakeAddonApp('app');
  const bugs: unknown[] = [];
  const world: AddonsWorld = {
    folder,
    cacheFolder: options.cacheFolder ?? makeFolder(),
    time,
    containment,
    ports: new Ports(),
    // Sockets' paths must be short.
    shell: { ...shell, XDG_RUNTIME_DIR: makeFolder() },
    isStrict,
    authorityFolder: makeFolder(),
    app: () => app,
    appNamed: () => app,
    onBug: (error) => bugs.push(error),
  };
  const addons = new Addons(world);
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await addons.close();
    await containment.close();
    if (bugs.length > 0) throw bugs[0];
  };
  onTestFinished(close);
  addons.start();
  await addons.join(app);
  return { addons, app, world, containment, close };
}
