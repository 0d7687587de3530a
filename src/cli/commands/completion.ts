import { Argument, type Command } from 'commander';
import { plainCommand } from '../app-command.js';
import { SHELLS, type Shell } from '../completion/shells.js';
import { endHelp } from '../help.js';
import { print, printLines } from '../output.js';

export function createCompletionCommand(): Command {
  const command = plainCommand('completion', 'print a completion script for a shell')
    .description('Prints a script that lets a shell complete commands, flags, process types and dynos.')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion/scripts.js');
      print(completionScript(shell));
    });
  return endHelp(command, {
    notes: [
      'For every new shell: put the line for bash into ~/.bashrc, or the one for zsh into ~/.zshrc after compinit.',
    ],
    examples: [
      'source <(dynosim completion bash)',
      'source <(dynosim completion zsh)',
      'dynosim completion fish > ~/.config/fish/completions/dynosim.fish',
    ],
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
