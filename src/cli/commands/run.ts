import { Command } from 'commander';
import { addAppFlags, examples } from '../app-command.js';
import { endWithReader, printed } from '../output.js';
import type { ExecFlags } from '../run/exec.js';
import type { RunFlags } from '../run/run-request.js';

/** A command whose arguments are another command: flags after the first word are that one's own. */
class CommandRunner extends Command {
  constructor(name: string) {
    super(name);
    this.passThroughOptions().hook('preAction', endWithReader).hook('postAction', printed);
  }
}

function commandRunner(name: string, summary: string): Command {
  return addAppFlags(new CommandRunner(name).summary(summary))
    .argument('<command...>', 'what to run, or a process type with further arguments')
    .option('-e, --env <vars>', 'environment variables: A=1;B=2')
    .option('-s, --size <size>', 'the size of the dyno (default: that of the others)')
    .option('--type <type>', "the type in the dyno's name (default: run)");
}

export function createRunCommand(): Command {
  const command = commandRunner('run', 'run a command in a one-off dyno')
    .description(
      'Runs a command in a one-off dyno, run.1234, with the config vars of the app, and exits with its status. At a ' +
        'terminal the command gets a terminal of its own. Works even if the app is not running.',
    )
    .option('--no-tty', 'give the command pipes, not a terminal')
    .option('-x, --exit-code', 'accepted for compatibility: the exit status is always passed on')
    .action(async (words: string[], flags: RunFlags) => {
      const { run } = await import('../run/run.js');
      process.exitCode = await run(words, flags);
    });
  return examples(command, 'run bash', 'run rails db:migrate', 'run -e "A=1;B=2" worker --once');
}

export function createPsExecCommand(): Command {
  const command = addAppFlags(new CommandRunner('ps:exec').summary('run a shell or a command beside a dyno'))
    .description(
      'Runs a shell, or a command, beside a dyno: in its folder, with its environment and its PORT. It ends with the ' +
        'dyno. At a terminal it gets a terminal of its own; its exit status is passed on.',
    )
    .argument('<dyno>', 'the dyno: web.1')
    .argument('[command...]', 'what to run (default: bash)')
    .option('--no-tty', 'give the command pipes, not a terminal')
    .action(async (dyno: string, words: string[], flags: ExecFlags) => {
      const { exec } = await import('../run/exec.js');
      // Commander leaves a `--` that follows the dyno.
      process.exitCode = await exec(dyno, words[0] === '--' ? words.slice(1) : words, flags);
    });
  return examples(command, 'ps:exec web.1', 'ps:exec web.1 env', "ps:exec web.1 'curl -s localhost:$PORT'");
}

export function createRunDetachedCommand(): Command {
  const command = commandRunner('run:detached', 'run a command in a one-off dyno that writes to the log')
    .description('Runs a command in a one-off dyno, run.1234, whose output goes to the log.')
    .action(async (words: string[], flags: RunFlags) => {
      const { runDetached } = await import('../run/detached.js');
      await runDetached(words, flags);
    });
  return examples(command, 'run:detached rake import', 'run:detached "a && b"');
}
