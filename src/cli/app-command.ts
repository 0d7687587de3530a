import { Command } from 'commander';
import type { AppFlags, Connection } from './connect.js';
import { endHelp } from './help.js';
import { endWithReader, printed } from './output.js';

export interface JsonFlags extends AppFlags {
  readonly json?: true;
}

/** A command without flags that prints and ends. */
export function plainCommand(name: string, summary: string, ...aliases: readonly string[]): Command {
  return new Command(name)
    .aliases(aliases)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .hook('preAction', endWithReader)
    .hook('postAction', printed);
}

/** A command about a running app, with the flags that name the app. */
export function appCommand(name: string, summary: string, ...aliases: readonly string[]): Command {
  return addAppFlags(plainCommand(name, summary, ...aliases));
}

export function addAppFlags(command: Command, dirFlag?: string): Command {
  return addNameFlags(command, dirFlag).option('-r, --remote <name>', 'the app of a host by its git remote');
}

/** The same for commands in which `--remote` means another thing. */
export function addNameFlags(command: Command, dirFlag = '-d, --dir <dir>'): Command {
  return command
    .option(dirFlag, "the app's folder, or one below it", '.')
    .option('-a, --app <name>', 'the app by its name');
}

/** As `appCommand`, for a command that can print JSON instead of a table. */
export function appCommandWithJson(name: string, summary: string, ...aliases: readonly string[]): Command {
  return appCommand(name, summary, ...aliases).option('--json', 'print one JSON document');
}

/**
 * Connects to the dynosim that runs an app. Loads the client only now, because `start` does not need it.
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`
 */
export async function connectTo(flags: AppFlags): Promise<Connection> {
  const { connect } = await import('./connect.js');
  return connect(flags);
}

export function examples(command: Command, ...lines: readonly string[]): Command {
  return endHelp(command, { examples: lines.map((line) => `dynosim ${line}`) });
}
