import type { Command } from 'commander';
import { parseDuration } from '../../base/duration.js';
import { appCommand, connectTo, examples } from '../app-command.js';
import type { AppFlags } from '../connect.js';

interface WaitFlags extends AppFlags {
  readonly timeout: string;
}

/** `dynosim ps:wait` */
export function createPsWaitCommand(): Command {
  const command = appCommand('ps:wait', 'wait until every dyno is up')
    .description(
      'Returns when every dyno of the formation is up; fails as soon as one has crashed, or if the app sleeps.',
    )
    .option('--timeout <duration>', 'give up after so long', 'never')
    .action(async (flags: WaitFlags) => {
      const timeoutMs = parseDuration(flags.timeout);
      const app = await connectTo(flags);
      const { waitUntilUp } = await import('../wait.js');
      await waitUntilUp(app, timeoutMs);
    });
  return examples(command, 'ps:wait', 'ps:wait --timeout 30s && npm run smoke-test');
}
