import { Command } from 'commander';
import { packageVersion } from '../base/package-root.js';
import type { CommandGroup } from './commands/index.js';
import { HELP_LAYOUT, helpWidth } from './help.js';
import { family, mainHelp } from './main-help.js';
import { endWithReader, folded } from './output.js';
import { toOneLine } from './usage-error.js';

export class Program extends Command {
  readonly #groups: readonly CommandGroup[];

  constructor(groups: readonly CommandGroup[], hidden: readonly Command[] = []) {
    super('dynosim');
    this.#groups = groups;
    this.version(packageVersion())
      .exitOverride()
      // dynosim's own flags end at the name of the command: `run node --version` must not print dynosim's version.
      .enablePositionalOptions()
      .showSuggestionAfterError()
      .configureHelp(HELP_LAYOUT)
      .configureOutput({
        getOutHelpWidth: helpWidth,
        outputError: (text, write) => write(folded(toOneLine(text, 'dynosim'))),
      });
    this.on('beforeAllHelp', endWithReader);
    for (const command of groups.flatMap(({ commands }) => commands.flatMap(family))) {
      this.addCommand(
        command.copyInheritedSettings(this).configureOutput({
          outputError: (text, write) => write(folded(toOneLine(text, `dynosim ${command.name()}`))),
        }),
      );
    }
    for (const command of hidden) this.addCommand(command.copyInheritedSettings(this), { hidden: true });
  }

  override helpInformation(): string {
    const help = this.createHelp();
    const helpWidth = this.configureOutput().getOutHelpWidth?.() ?? 80;
    help.prepareContext({ helpWidth });
    return mainHelp(this.#groups, help);
  }
}
