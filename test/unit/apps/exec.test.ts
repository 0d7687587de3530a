import { expect, test } from 'vitest';
import { startFakeApp } from '../../helpers/fake-app.js';
import { settle } from '../../helpers/manual-clock.js';

type FakeApp = Awaited<ReturnType<typeof startFakeApp>>;

/**
 * Runs a command beside `worker.1`.
 * @param meanwhile happens while the command's process starts
 */
async function execBeside(meanwhile: (fake: FakeApp) => void = () => {}) {
  const fake = await startFakeApp({ formation: 'web=0' });
  const { app, containment } = fake;
  const start = containment.start.bind(containment);
  containment.start = async (spec) => {
    containment.start = start;
    const tree = await start(spec);
    meanwhile(fake);
    await settle();
    return tree;
  };
  const exec = await app.dynos.exec('worker.1', { command: 'bash', env: {} });
  return { ...fake, exec, signals: containment.trees[1]?.signals };
}

const restart = ({ app }: Pick<FakeApp, 'app'>): void => app.dynos.restart({ kind: 'all' });

test('a command beside a dyno gets SIGTERM when the dyno is stopped, and ends with it', async () => {
  const { app, containment, exec, signals } = await execBeside();
  restart({ app });
  expect(signals).toEqual(['SIGTERM']);
  containment.trees[0]?.exit(143);
  expect(await exec.exited).toEqual({ status: 137 });
});

test('also if the dyno is stopped while the command starts', async () => {
  const { signals } = await execBeside(restart);
  expect(signals).toEqual(['SIGTERM']);
});

test('a command whose dyno ends while it starts ends at once', async () => {
  const { exec } = await execBeside(({ containment }) => containment.trees[0]?.exit(0));
  expect(await exec.exited).toEqual({ status: 137 });
});
