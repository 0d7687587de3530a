import type { Command } from 'commander';
import { appCommand, connectTo, examples } from '../app-command.js';
import { isAsleep } from '../asleep.js';
import type { AppFlags } from '../connect.js';
import { action, appName } from '../output.js';

export function createPsSleepCommand(): Command {
  const command = appCommand('ps:sleep', 'put the app to sleep now')
    .description('Puts the eco dynos of the app to sleep, as half an hour without requests would.')
    .action(async (flags: AppFlags) => {
      const { app } = await connectTo(flags);
      const done = (await isAsleep(app)) ? 'it was asleep already' : 'done';
      await action(`Putting ${appName(app)} to sleep`, () => app.sleep(), undefined, done);
    });
  return examples(command, 'ps:sleep && curl http://localhost:5006/');
}

export function createPsWakeCommand(): Command {
  const command = appCommand('ps:wake', 'wake the app now')
    .description(
      'Wakes the dynos of an app that sleeps, as a request would. Returns when every dyno is up; fails as soon as one has ' +
        'crashed.',
    )
    .action(async (flags: AppFlags) => {
      const connection = await connectTo(flags);
      const { app } = connection;
      const done = (await isAsleep(app)) ? 'done' : 'it was awake already';
      const wake = async (): Promise<void> => {
        await app.wake();
        const { silently, waitUntilUp } = await import('../wait.js');
        await waitUntilUp(connection, Number.POSITIVE_INFINITY, undefined, silently);
      };
      await action(`Waking ${appName(app)}`, wake, undefined, done);
    });
  return examples(command, 'ps:wake', 'ps:wake && npm run smoke-test');
}
