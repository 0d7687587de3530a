import { App, type AppOptions } from '../../src/apps/app.js';
import type { DynoStatus } from '../../src/dynos/dyno.js';
import { composeApp } from '../../src/host/compose-app.js';
import { LogBus } from '../../src/logs/bus.js';
import { parseProcfile } from '../../src/procfile/parse.js';
import { FakeStore } from './fake-layers.js';
import { fakeWorld } from './fake-world.js';
import { formationFor } from './formation.js';
import { settle } from './manual-clock.js';

export interface FakeAppOptions extends Partial<Pick<AppOptions, 'sleep' | 'layers' | 'isStrict'>> {
  readonly procfile?: string;
  readonly formation?: string;
  readonly sizes?: string;
}

export const MINUTE = 60_000;
export const SLEEP = { afterMs: 30 * MINUTE, wakeDelayMs: 5000, quotaMs: 1000 * 60 * MINUTE };

/** A started app in a world in which nothing is real; its web dynos are up. */
export async function startFakeApp(options: FakeAppOptions = {}) {
  const {
    procfile = 'web: serve\nworker: work\n',
    formation,
    sizes = 'eco',
    sleep = SLEEP,
    layers = [new FakeStore()],
    isStrict = false,
  } = options;
  const fake = fakeWorld();
  const { processes } = parseProcfile(procfile);
  const logs = new LogBus();
  const lines: string[] = [];
  logs.subscribe(({ source, dyno, line }) => lines.push(`${source}[${dyno}]: ${line}`));
  const setup = composeApp({
    name: 'demo',
    slug: { dir: '/app', processes },
    layers,
    logs,
    sleep,
    isStrict,
    formation: formationFor(processes.keys(), formation, sizes),
  });
  const app = new App({ ...setup, shell: {}, world: fake.world });
  await app.start();
  await settle();
  /** Lets every stopping process end, and every booting web process listen. */
  const proceed = async (): Promise<void> => {
    await settle();
    for (const tree of fake.containment.trees) {
      if (tree.signals.includes('SIGTERM')) tree.exit(143);
      else if (tree.isWatched) tree.listen();
    }
    await settle();
  };
  await proceed();
  return {
    ...fake,
    app,
    proceed,
    /** Advances platform time, and finishes everything that this causes. */
    async pass(ms: number) {
      await fake.clock.advance(ms);
      await proceed();
    },
    states: (): Readonly<Record<string, DynoStatus>> =>
      Object.fromEntries(app.dynos.views().map(({ name, state }) => [name, state])),
    /** The lines since the last call. */
    said: () => lines.splice(0),
  };
}
