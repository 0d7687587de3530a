import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { COMMAND_GROUPS } from '../../../src/cli/commands/index.js';
import { family, mainHelp } from '../../../src/cli/main-help.js';

const COMMANDS = COMMAND_GROUPS.flatMap(({ commands }) => commands.flatMap(family));

/** The output of `--help` on a terminal with this many columns. */
function helpOf(command: Command, columns = 80): string {
  let text = '';
  command.configureOutput({
    getOutHelpWidth: () => columns,
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

test.each(COMMANDS.map((command) => [command.name(), command] as const))(
  'the help of %s fits a terminal and has examples of it',
  (name, command) => {
    const help = helpOf(command);
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(help).not.toMatch(/\(default:\s+(?:false|\[\])\)/);
    const [, examples = ''] = help.split('\nExamples:\n');
    expect(examples).toMatch(new RegExp(`dynosim ${name}\\b`));
  },
);

test.each(COMMANDS.map((command) => [command.name(), command] as const))(
  'the description of %s has no line ends of its own',
  (_name, command) => {
    const [, description] = helpOf(command, 1000).split('\n\n');
    expect(description).not.toContain('\n');
  },
);

test('no two commands share a name', () => {
  const names = COMMANDS.flatMap((command) => [command.name(), ...command.aliases()]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('the help of all commands fits a terminal, and families share a line', () => {
  const lines = mainHelp(COMMAND_GROUPS).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}config\[:get\|:set\|:unset\] {2}\S/));
});
