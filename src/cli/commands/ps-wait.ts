import type { Command } from 'commander';
import { parseDuration } from '../../base/duration.js';
import { appCommand, examples } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { note } from '../output.js';

interface WaitFlags extends AppFlags {
  readonly timeout?: string;
}

export function createPsWaitCommand(): Command {
  const command = appCommand('ps:wait', 'wait until every dyno is up')
    .description(
      'Returns when every dyno of the formation is up; fails as soon as one has crashed, or if the app sleeps. ' +
        'An app that does not run yet has until the timeout to start, or 10 seconds without one.',
    )
    .option('--timeout <duration>', 'how long to wait (default: no limit, once the app runs)')
    .action(async (flags: WaitFlags) => {
      const timeoutMs =
        flags.timeout === undefined ? Number.POSITIVE_INFINITY : parseDuration(flags.timeout, '--timeout');
      const { connect, tryConnect } = await import('../connect.js');
      const { APPEARS_WITHIN_MS, waitForApp, waitUntilUp } = await import('../wait.js');
      const { app, waitedMs } = await waitForApp(
        () => tryConnect(flags),
        flags.timeout === undefined ? APPEARS_WITHIN_MS : timeoutMs,
        () => note('Waiting for the app to start...'),
      );
      await waitUntilUp(app ?? (await connect(flags)), Math.max(0, timeoutMs - waitedMs));
    });
  return examples(command, 'ps:wait', 'ps:wait --timeout 30s && npm run smoke-test');
}
