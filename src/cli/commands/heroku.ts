import { Command } from 'commander';
import { appCommandWithJson, examples, type JsonFlags } from '../app-command.js';
import { shellQuote } from '../format/shell-quote.js';
import { endHelp } from '../help.js';
import { print, printJson } from '../output.js';

export function createEnvCommand(): Command {
  const command = appCommandWithJson('env', 'point the real Heroku CLI at the app, in your shell')
    .description(
      'Prints the exports that point the real Heroku CLI at a running app, or at the host, with your token.',
    )
    .action(async (flags: JsonFlags) => {
      const { connectForHeroku } = await import('../connect.js');
      const connection = await connectForHeroku(flags);
      const { herokuEnvironment } = await import('../heroku/environment.js');
      const { set, unset } = herokuEnvironment(connection, process.env);
      if (flags.json) return printJson(set);
      for (const name of unset) print(`unset ${name}`);
      for (const [name, value] of Object.entries(set)) print(`export ${name}=${shellQuote(value) || "''"}`);
    });
  return endHelp(command, { examples: ['eval "$(dynosim env)" && heroku ps', 'dynosim env --json'] });
}

export function createHerokuCommand(): Command {
  const command = new Command('heroku')
    .summary('run the real Heroku CLI on the app')
    .description(
      'Runs the real Heroku CLI, from the PATH or $DYNOSIM_HEROKU_BIN, on a running app. The CLI gets all arguments ' +
        'that follow; "dynosim heroku help" shows its help.',
    )
    .option('--dir <dir>', "the app's folder, or one below it", '.')
    .argument('[args...]', 'arguments for the Heroku CLI')
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: readonly string[], { dir }: { readonly dir: string }) => {
      const { runHerokuCli } = await import('../heroku/run-cli.js');
      process.exitCode = await runHerokuCli(args, dir);
    });
  return examples(command, 'heroku ps:scale web=2', 'heroku run bash', 'heroku logs --tail');
}
