import { once } from 'node:events';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { encodeFrame, type Frame, FrameReader } from '../../../src/api/attach/protocol.js';
import type { App } from '../../../src/apps/app.js';
import type { Host } from '../../../src/host/host.js';
import { processesWith, uniqueNap, untilGone } from '../../helpers/processes.js';
import { logged } from '../../helpers/start-host.js';
import { call, SLEEPERS, startDemo } from './world.js';

interface OneOff {
  readonly name: string;
  readonly attach_url: string | null;
}

async function create(host: Host, body: object): Promise<OneOff> {
  const answer = await call(host, 'POST', '/apps/demo/dynos', { body });
  expect(answer.status).toBe(201);
  return answer.body as OneOff;
}

/** Where dynosim's own client attaches. */
function attachUrl({ apiUrl }: Host, { attach_url: url }: OneOff): URL {
  return new URL(`/dynosim/attach${new URL(url ?? '').pathname}`, apiUrl);
}

/** Attaches to a one-off dyno. */
async function attach(host: Host, oneOff: OneOff) {
  const headers = { Authorization: 'Bearer secret', Connection: 'Upgrade', Upgrade: 'dynosim-attach' };
  const asking = request(attachUrl(host, oneOff), { headers }).end();
  const [, socket, head] = (await once(asking, 'upgrade')) as [unknown, Duplex, Buffer];
  const frames: Frame[] = [];
  const reader = new FrameReader((frame) => frames.push(frame));
  socket.unshift(head);
  socket.on('data', (chunk) => reader.push(chunk));
  const text = (): string =>
    Buffer.concat(frames.flatMap((frame) => (frame.kind === 'data' ? [frame.data] : []))).toString();
  return {
    socket,
    send: (frame: Frame) => socket.write(encodeFrame(frame)),
    async printed(pattern: RegExp) {
      while (!pattern.test(text())) await once(socket, 'data');
    },
    async end() {
      await once(socket, 'end');
      const last = frames.at(-1);
      return { text: text(), status: last?.kind === 'exit' ? last.status : undefined };
    },
  };
}

const lines = (app: App, dyno: string): string[] =>
  app.logs.recent(1500).flatMap((entry) => (entry.dyno === dyno ? [`${entry.source}: ${entry.line}`] : []));

describe('a detached one-off dyno', () => {
  test('writes to the log, as on Heroku', async () => {
    const { host, app } = await startDemo({ ...SLEEPERS, '.env': 'A=1\n' });
    const { name, attach_url } = await create(host, { command: 'echo "A is $A in $DYNO"; exit 3' });
    expect(name).toMatch(/^run\.\d{4}$/);
    expect(attach_url).toBeNull();
    await logged(app, /^State changed from up to complete$/);
    expect(lines(app, name)).toEqual([
      `heroku: Starting process with command \`echo "A is 1 in ${name}"; exit 3\``,
      'heroku: State changed from starting to up',
      `app: A is 1 in ${name}`,
      'heroku: Process exited with status 3',
      'heroku: State changed from up to complete',
    ]);
  });

  test('is listed while it runs, and can be stopped', async () => {
    const { host, app } = await startDemo(SLEEPERS);
    const { name } = await create(host, { command: 'echo running; exec sleep 1000' });
    await logged(app, /^running$/);
    expect((await call(host, 'GET', `/apps/demo/dynos/${name}`)).body).toMatchObject({ name, type: 'run' });
    expect((await call(host, 'POST', `/apps/demo/dynos/${name}/actions/stop`)).status).toBe(202);
    await logged(app, /^State changed from up to complete$/);
    expect((await call(host, 'GET', `/apps/demo/dynos/${name}`)).status).toBe(404);
  });

  test('has the size of the others, or one of its own', async () => {
    const { host, app } = await startDemo(SLEEPERS);
    const plain = await create(host, { command: 'exec sleep 1000' });
    const large = await create(host, { command: 'exec sleep 1000', size: 'standard-2x' });
    expect(app.dynos.views()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: plain.name, size: 'Eco' }),
        expect.objectContaining({ name: large.name, size: 'Standard-2X' }),
      ]),
    );
    expect(app.dynos.ecoCounts().running).toBe(3);
    const refused = await call(host, 'POST', '/apps/demo/dynos', { body: { command: 'x', size: 'huge' } });
    expect(refused).toMatchObject({ status: 422, body: { message: expect.stringContaining('huge') } });
  });

  test('runs a process type with further arguments', async () => {
    const { host, app } = await startDemo({ Procfile: 'hello: echo hello\nworker: exec sleep 1000\n' });
    await create(host, { command: 'hello world' });
    await logged(app, /^hello world$/);
  });
});

describe('an attached one-off dyno', () => {
  test('waits for its client, and gives it output and status instead of the log', async () => {
    const { host, app } = await startDemo(SLEEPERS);
    const oneOff = await create(host, { command: 'echo out; echo err >&2; exit 7', attach: true });
    await logged(app, /^Awaiting client$/);
    expect(lines(app, oneOff.name)).toEqual(['heroku: Awaiting client']);
    const client = await attach(host, oneOff);
    expect(await client.end()).toEqual({ text: 'out\nerr\n', status: 7 });
    expect(lines(app, oneOff.name)).not.toContain('app: out');
  });

  test('reads what the client sends, and its end', async () => {
    const { host } = await startDemo(SLEEPERS);
    const client = await attach(host, await create(host, { command: 'cat; echo end', attach: true }));
    client.send({ kind: 'data', data: Buffer.from('one\n') });
    client.send({ kind: 'data', data: Buffer.from('two\n') });
    client.send({ kind: 'end' });
    expect(await client.end()).toEqual({ text: 'one\ntwo\nend\n', status: 0 });
  });

  test("gets a terminal of the client's size, which can change", async () => {
    const { host } = await startDemo(SLEEPERS);
    const client = await attach(
      host,
      await create(host, {
        command: 'trap "stty size; exit" WINCH; stty size; while :; do read -t 0.01; done',
        attach: true,
        env: { TERM: 'xterm', COLUMNS: '100', LINES: '30' },
      }),
    );
    await client.printed(/30 100/);
    client.send({ kind: 'resize', columns: 120, rows: 50 });
    expect((await client.end()).text).toBe('30 100\r\n50 120\r\n');
  });

  test('is hung up when its client leaves', async () => {
    const { host, app } = await startDemo(SLEEPERS);
    const nap = uniqueNap();
    const client = await attach(
      host,
      await create(host, { command: `echo ready; sleep ${nap}`, attach: true }),
    );
    await client.printed(/ready/);
    client.socket.destroy();
    await logged(app, /^Client connection closed\. Sending SIGHUP to all processes$/);
    await logged(app, /^Process exited with status 129$/);
    await untilGone(nap);
  });

  test('outlives what its client sends after the end of stdin', async () => {
    const { host } = await startDemo(SLEEPERS);
    const client = await attach(host, await create(host, { command: 'cat; echo end', attach: true }));
    const [end, more] = [encodeFrame({ kind: 'end' }), encodeFrame({ kind: 'data', data: Buffer.from('x') })];
    client.socket.write(Buffer.concat([end, more]));
    expect(await client.end()).toEqual({ text: 'end\n', status: 0 });
  });

  test.each([
    ['of an unknown kind', [9, 0, 0, 0, 0]],
    ['that is too short', [2, 0, 0, 0, 1, 0]],
  ])('is hung up when its client sends a frame %s', async (_what, frame) => {
    const { host, app } = await startDemo(SLEEPERS);
    const client = await attach(host, await create(host, { command: 'exec sleep 1000', attach: true }));
    const closed = once(client.socket, 'close');
    client.socket.write(Buffer.from(frame));
    await closed;
    await logged(app, /^Process exited with status 129$/);
  });

  test('takes one client only', async () => {
    const { host } = await startDemo(SLEEPERS);
    const oneOff = await create(host, { command: 'exec sleep 1000', attach: true });
    const first = await attach(host, oneOff);
    const headers = { Authorization: 'Bearer secret', Connection: 'Upgrade', Upgrade: 'dynosim-attach' };
    const [response] = await once(request(attachUrl(host, oneOff), { headers }).end(), 'response');
    expect(response.statusCode).toBe(404);
    first.socket.destroy();
  });

  test.each([
    [{ Authorization: 'Bearer wrong' }, 401],
    [{ Origin: 'http://evil.example' }, 403],
    [{ Host: 'evil.example' }, 403],
  ])('refuses %j', async (wrong, status) => {
    const { host, app } = await startDemo(SLEEPERS);
    const oneOff = await create(host, { command: 'echo hello', attach: true });
    await logged(app, /^Awaiting client$/);
    const headers = {
      Authorization: 'Bearer secret',
      Connection: 'Upgrade',
      Upgrade: 'dynosim-attach',
      ...wrong,
    };
    const [response] = await once(request(attachUrl(host, oneOff), { headers }).end(), 'response');
    expect(response.statusCode).toBe(status);
    expect(lines(app, oneOff.name)).toEqual(['heroku: Awaiting client']);
  });

  test('ends with the host, like everything else', async () => {
    const { host } = await startDemo(SLEEPERS);
    const nap = uniqueNap();
    const client = await attach(
      host,
      await create(host, { command: `setsid sleep ${nap} & echo ready; wait`, attach: true }),
    );
    await client.printed(/ready/);
    await host.close();
    expect(processesWith(nap)).toEqual([]);
  });
});
