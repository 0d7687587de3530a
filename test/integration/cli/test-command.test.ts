import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { TestCommand } from '../../../src/cli/test/test-command.js';

test('a process that may not be sent signals, such as that of sudo, is no error', async () => {
  const command = await TestCommand.start(['sleep', '1000'], process.env, systemClock);
  const spy = vi.spyOn(process, 'kill').mockImplementationOnce(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
  });
  onTestFinished(() => spy.mockRestore());
  expect(() => command.end()).not.toThrow();
  command.end('SIGKILL');
  expect(await command.finished).toMatchObject({ status: 137 });
});
