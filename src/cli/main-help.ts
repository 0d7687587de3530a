import type { Command, Help } from 'commander';
import type { CommandGroup } from './commands/index.js';
import { row } from './help.js';

/**
 * The help of dynosim as a whole: a row for each command or family of commands.
 * @param help knows the width
 */
export function mainHelp(groups: readonly CommandGroup[], help: Help): string {
  const rows = groups.map(({ title, commands }) => ({
    title,
    lines: commands.map((entry) => {
      const [first, ...others] = family(entry);
      return [familyName(first, others), first.summary()] as const;
    }),
  }));
  const width = Math.max(...rows.flatMap(({ lines }) => lines.map(([name]) => name.length)));
  return [
    'Usage: dynosim <command> [options]',
    '',
    "Heroku's dyno platform on your own machine.",
    ...rows.flatMap(({ title, lines }) => [
      '',
      `${title}:`,
      ...lines.map(([name, summary]) => row(name, width, summary, help)),
    ]),
    '',
    'dynosim <command> --help shows details and examples.',
    '',
  ].join('\n');
}

export function family(entry: CommandGroup['commands'][number]): readonly [Command, ...Command[]] {
  return 'name' in entry ? [entry] : entry;
}

/** A wider name of a family would push all summaries off a narrow terminal. */
const WIDEST_NAME = 24;

/** `config[:get|:set]`; for commands side by side, `addons:attach|detach`. */
function familyName(first: Command, others: readonly Command[]): string {
  if (others.length === 0) return first.name();
  const isParent = others.every((command) => command.name().startsWith(`${first.name()}:`));
  const [parent] = isParent ? [first.name()] : first.name().split(':');
  const endings = others.map((command) => command.name().slice(parent?.length));
  const nameWith = (...shown: readonly string[]): string =>
    isParent
      ? `${first.name()}[${shown.join('|')}]`
      : [first.name(), ...shown].join('|').replaceAll('|:', '|');
  const name = nameWith(...endings);
  return name.length <= WIDEST_NAME ? name : nameWith(endings[0] ?? '', '…');
}
