import { expect, test } from 'vitest';
import { RemoteHost } from '../../../src/api/client/remote-host.js';
import type { Session } from '../../../src/apps/control.js';
import type { LiveRun } from '../../../src/dynos/live-run.js';
import { logged } from '../../helpers/start-host.js';
import { startDemo } from './world.js';

const CLIENTS = 5;
const ROUNDS = 50;

/** Prints what it reads, between lines of its own. */
const ECHO = 'echo ready; while read -r x; do echo "start $x"; echo "end $x"; done';

async function untilPrinted({ output }: Session, text: string): Promise<void> {
  let printed = '';
  for await (const data of output) {
    printed += data;
    if (printed.includes(text)) return;
  }
  throw new Error(`There was no ${text}: ${printed}`);
}

/** Sockets, pipes and timers of this process, which is both client and server. */
function openStreams(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => /TCP|Pipe|Timeout/.test(name));
}

/** How many readers and listeners a run has beyond those that it has now. */
function watchGuests(run: LiveRun): () => number {
  let open = 0;
  const subscribe = run.io.output.subscribe.bind(run.io.output);
  const onChange = run.onChange.bind(run);
  const closing = (close: () => void) => {
    open += 1;
    return () => {
      open -= 1;
      close();
    };
  };
  run.io.output.subscribe = (reader) => {
    const subscription = subscribe(reader);
    return { ...subscription, leave: closing(subscription.leave) };
  };
  run.onChange = (listener) => closing(onChange(listener));
  return () => open;
}

test('five clients that attach, type, resize and leave at the same time lose no line of the log, and leave nothing behind', async () => {
  const { host, app } = await startDemo({ Procfile: `worker: ${ECHO}\n` });
  const guests = watchGuests(app.dynos.runOf('worker.1'));
  const control = await new RemoteHost(host.address, 'secret').app('demo');
  await logged(app, /ready/);
  const round = async (name: string): Promise<void> => {
    const session = await control.attach('worker.1');
    session.resize({ columns: 100, rows: 40 });
    session.input.write(`${name}\n`);
    await untilPrinted(session, `end ${name}\n`);
    await session.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => round(`warm-up.${client}`)));
  await expect.poll(() => openStreams().filter((name) => name === 'TCPSocketWrap').length).toBe(0);
  const before = openStreams().length;
  const names: string[] = [];
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let count = 0; count < ROUNDS; count++) {
        const name = `${count}.${client}`;
        names.push(name);
        await round(name);
      }
    }),
  );
  await expect.poll(guests).toBe(0);
  await expect.poll(() => openStreams().length).toBeLessThanOrEqual(before);
  const lines: string[] = [];
  for await (const entries of control.logs(
    { lines: 1500, tail: false, source: 'app', dyno: 'worker.1' },
    AbortSignal.timeout(60_000),
  ))
    lines.push(...entries.map(({ line }) => line));
  const said = lines.filter((line) => !/warm-up|ready/.test(line));
  expect(said.toSorted()).toEqual(names.flatMap((name) => [`start ${name}`, `end ${name}`]).toSorted());
});
