import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AddonView } from '../../../src/addons/control.js';
import type { NewAddon } from '../../../src/addons/requests.js';
import type { App } from '../../../src/apps/app.js';
import type { Release } from '../../../src/apps/releases.js';
import { systemTime, type Time } from '../../../src/base/clock.js';
import { openHost } from '../../../src/host/compose.js';
import type { Host } from '../../../src/host/host.js';
import { addonFolders } from '../../../src/host/host-addons.js';
import { makeFolder } from '../../helpers/folder.js';
import { addAppIn } from '../../helpers/start-host.js';

/** An app that does nothing but can have add-ons. */
const FILES = { Procfile: 'worker: sleep 1000\n', 'package.json': '{}' };

export interface AddonsTestWorld {
  readonly host: Host;
  readonly app: App;
}

export interface AddonsTestOptions {
  /** The app's folder. Default: one with a single sleeping worker. */
  readonly dir?: string;
  /** Where the add-ons of the host are kept: that of an earlier world continues with them. */
  readonly of?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly time?: Time;
}

/** Starts a host that can have add-ons, with an app `demo`; it is closed when the test ends. */
export async function startAddonWorld({
  dir = makeFolder(FILES),
  of = dir,
  env: more = {},
  time = systemTime(),
}: AddonsTestOptions = {}): Promise<AddonsTestWorld> {
  const env = { ...process.env, ...more };
  const host = await openHost({
    env,
    time,
    control: { token: 'secret', stateFolder: join(makeFolder(), 'state') },
    addons: { ...addonFolders(env, of), isStrict: false },
  });
  onTestFinished(() => host.close());
  const app = await addAppIn(host, 'demo', { dir }, { id: 'demo-id' });
  await host.startApp(app);
  return { host, app };
}

/** Creates an add-on of the app, and waits for the release that sets its config vars. */
export async function createAddon(
  { host, app }: AddonsTestWorld,
  request: Partial<NewAddon> & Pick<NewAddon, 'plan'>,
): Promise<AddonView> {
  const created = await host.control.addons.create({ app: app.name, ...request });
  await released(app, ({ description }) =>
    description.startsWith(`@ref:${created.name} completed provisioning`),
  );
  return created;
}

/** Resolves when the current release of an app is like this. */
function released(app: App, isWanted: (release: Release) => boolean): Promise<void> {
  const { history } = app.releases;
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isWanted(history.current)) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = history.onChange(look);
    look();
  });
}

/** The present value of a config var of an app. */
export function varOf({ release }: App, name: string): string {
  const found = release.config.get(name);
  if (!found) throw new Error(`${name} is not set`);
  return found.value;
}
