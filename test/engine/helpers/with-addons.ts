import { run, start } from '../../helpers/dynosim.js';
import { POSTGRES } from '../../helpers/postgres.js';
import type { WITH_ADDONS } from './examples.js';
import { ExportedApp } from './exported-app.js';
import { type Machines, SCRIPTS } from './machines.js';

/** An example with add-ons, which it has got from a dynosim that ran it for a moment; exported, with its image. */
export async function exportWithAddons(
  machines: Machines,
  example: (typeof WITH_ADDONS)[number],
  plans: readonly string[],
): Promise<ExportedApp> {
  const app = new ExportedApp(machines, example);
  const env = { DYNOSIM_POSTGRES_BIN: POSTGRES?.bin ?? '' };
  const dynosim = start(app.folder, ['--formation', 'all=0'], { env });
  await dynosim.ready();
  for (const plan of plans) {
    const { status, stderr } = await run(['addons:create', plan, '--wait'], { cwd: app.folder });
    if (status !== 0) throw new Error(stderr);
  }
  await dynosim.stop();
  await app.export();
  await app.build();
  return app;
}

/** Builds images of Debian's PostgreSQL and Redis that are used as the official ones. */
export async function buildAddonImages(machines: Machines): Promise<void> {
  const tags = { postgres: `postgres:${POSTGRES?.major}`, valkey: 'valkey/valkey:8' };
  for (const [name, tag] of Object.entries(tags))
    await machines.runLines([`docker build --tag ${tag} --file ${name}.Dockerfile .`], `${SCRIPTS}/addons`);
}
