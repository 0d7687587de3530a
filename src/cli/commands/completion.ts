import { Argument, type Command } from 'commander';
import { plainCommand } from '../app-command.js';
import { SHELLS, type Shell } from '../completion/shells.js';
import { print, printLines } from '../output.js';

export function createCompletionCommand(): Command {
  return plainCommand('completion', 'print a completion script for a shell')
    .description('Prints a script that lets a shell complete commands, flags, process types and dynos.')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ source <(dynosim completion bash)     # also as a line of ~/.bashrc\n' +
        '  $ source <(dynosim completion zsh)      # a line of ~/.zshrc, after compinit\n' +
        '  $ dynosim completion fish > ~/.config/fish/completions/dynosim.fish',
    )
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion/scripts.js');
      print(completionScript(shell));
    });
}

/** `dynosim __complete -- words`: completes the last word. */
export function createCompleteCommand(): Command {
  return plainCommand('__complete', 'complete a command line')
    .argument('[word...]')
    .action(async (words: readonly string[], _flags, command: Command) => {
      const { complete } = await import('../completion/complete.js');
      if (command.parent) printLines(await complete(command.parent, words));
    });
}
