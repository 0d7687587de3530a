import { Command, Option } from 'commander';
import { durationOption } from '../flags.js';
import { endHelp } from '../help.js';
import { DURATIONS } from './platform-flags.js';
import { addStartFlags } from './start.js';

/** `dynosim test`: the flags only. */
export function createTestCommand(): Command {
  const command = new Command('test')
    .summary('run a command, such as tests, against the app')
    .usage('[options] -- <command...>')
    .description(
      'Starts the app on a free port, waits until every dyno is up, runs the command, stops the app, and exits with ' +
        "the command's status. Any number can run at once, also beside a start of the same folder.",
    )
    // Flags after the first word are the command's own.
    .passThroughOptions()
    .argument('<command...>', 'what to run, with its arguments')
    .addOption(
      durationOption(
        '--timeout <duration>',
        'end the command after this time, with status 124',
        Infinity,
        'none',
      ),
    )
    .addOption(
      new Option('--logs <when>', "when to print the app's log, to stderr after the command")
        .choices(['on-failure', 'always', 'never'])
        .default('on-failure'),
    );
  addStartFlags(command, 'any free one').action(
    async (words: [string, ...string[]], _flags, command: Command) => {
      // First: this starts another process, which gets ready while this one loads the rest.
      const { startOwnContainment } = await import('../start/own-containment.js');
      const containment = startOwnContainment();
      const { runTest } = await import('../test/run-test.js');
      process.exitCode = await runTest(words, command, containment);
    },
  );
  return endHelp(command, {
    notes: [
      'The command gets DYNOSIM_URL, DYNOSIM_HTTPS_URL and BASE_URL, unless that is set, but no config vars. In it, ' +
        'commands such as dynosim clock:advance 31m reach this app through DYNOSIM_TEST_APP.',
      `Flags in .dynosimrc apply, except --port, --watch and --watch-only. ${DURATIONS}`,
    ],
    examples: [
      'dynosim test -- npm run e2e',
      "dynosim test -m web=2 --timeout 5m -- sh -c 'curl -f $DYNOSIM_URL'",
      'dynosim test --fail-on R12,H13 -- npx playwright test',
    ],
  });
}
