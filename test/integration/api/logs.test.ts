import { expect, test } from 'vitest';
import { ControlClient } from '../../../src/api/client/control-client.js';
import { RemoteApp } from '../../../src/api/client/remote-app.js';
import type { LogEntry } from '../../../src/logs/entry.js';
import { call, SLEEPERS, startDemo } from './world.js';

const entry = (line: string): LogEntry => ({ at: 1.5, source: 'app', dyno: 'web.1', line });

test('a client reads the entries of the log, until dynosim ends', async () => {
  const { host, app } = await startDemo(SLEEPERS);
  app.logs.write(entry('before\r\x1b[31m"'));
  const remote = new RemoteApp('demo', new ControlClient(host.address, 'secret'));
  const filter = { lines: 1, tail: true, dyno: 'web.1', source: 'app' };
  const batches = remote.logs(filter, new AbortController().signal);
  expect((await batches.next()).value).toEqual([entry('before\r\x1b[31m"')]);
  app.logs.write({ ...entry('part'), part: 'first' });
  app.logs.write({ ...entry('of another'), dyno: 'worker.1' });
  app.logs.write(entry('last'));
  await host.close();
  const rest: LogEntry[] = [];
  for await (const entries of batches) rest.push(...entries);
  expect(rest).toEqual([{ ...entry('part'), part: 'first' }, entry('last')]);
});

test('a filter that is none is refused', async () => {
  const { host } = await startDemo(SLEEPERS);
  const ask = (filter: string) =>
    call(host, 'GET', `/dynosim/apps/demo/logs?filter=${encodeURIComponent(filter)}`);
  expect(await ask('{')).toMatchObject({ status: 400 });
  expect(await ask('{"lines":-1,"tail":true}')).toMatchObject({ status: 422 });
});
