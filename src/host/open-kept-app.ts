import type { App } from '../apps/app.js';
import type { Slug } from '../apps/slug.js';
import type { DynoSizeName } from '../base/sizes.js';
import type { LogBus } from '../logs/bus.js';
import { type Formation, firstFormation } from '../procfile/formation.js';
import { composeApp } from './compose-app.js';
import type { Host, NewApp } from './host.js';
import { KeptApp, type KeptAppOptions } from './kept-app.js';
import { StoreLayer } from './store/store-layer.js';
import type { StoredApp } from './store/stored-app.js';

export interface OpenKeptAppOptions {
  /** Of all apps of the host. */
  readonly settings: Partial<NewApp>;
  /** For the dynos of a new app. */
  readonly size: DynoSizeName;
  /** Makes the app's log. */
  openLog(app: () => string): LogBus;
  /** The host's services for the app. */
  readonly services: KeptAppOptions;
  /** Called before the app can be asked for. */
  onKept(app: App, kept: KeptApp): void;
}

/** Adds an app to a host as its folder in the host's state describes it, and starts it. */
export async function openKeptApp(
  host: Host,
  stored: StoredApp,
  { settings, size, openLog, services, onKept }: OpenKeptAppOptions,
): Promise<void> {
  const past = stored.past();
  const slug = past.releases.findLast(({ status }) => status === 'succeeded')?.release.slug ?? stored.blank;
  const app = await host.addApp(
    composeApp({
      ...settings,
      name: stored.record.name,
      past,
      journal: stored,
      slug,
      layers: [new StoreLayer(stored)],
      formation: reconciled(stored, slug, size),
      usualSize: size,
      firstDeploy: stored.record.first_deploy,
      hasReleasePhase: true,
      isCleanEnv: true,
      takesEveryHost: false,
      logs: openLog(() => app.name),
      keeper: (added) => {
        const kept = new KeptApp(added, stored, services);
        onKept(added, kept);
        return kept;
      },
    }),
  );
  for (const { created_at, ...drain } of stored.record.drains)
    await app.drains.reopen({ ...drain, createdAt: Date.parse(created_at) });
  await host.startApp(app);
}

/** Adapts a formation to a slug's types: the host may have been killed between saving a release and its formation. */
function reconciled({ formation, record }: StoredApp, { processes }: Slug, size: DynoSizeName): Formation {
  const first = firstFormation(processes.keys(), size, record.first_deploy?.formation);
  if (formation.size === 0) return first;
  return new Map([...first.keys()].map((type) => [type, formation.get(type) ?? { quantity: 0, size }]));
}
