import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { COMMAND_GROUPS } from '../../../src/cli/commands/index.js';
import { Program } from '../../../src/cli/program.js';

const PROGRAM = new Program(COMMAND_GROUPS);
const COMMANDS = PROGRAM.commands.map((command) => [command.name(), command] as const);

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

const WIDTHS = [60, 80, 120];

/** The words of a text; backslashes only continue examples. */
const wordsOf = (text: string): readonly string[] => text.split(/[\s\\]+/);

test.each([['dynosim', PROGRAM] as const, ...COMMANDS])(
  'the help of %s fits terminals of 60, 80 and 120 columns, and says the same on all',
  (_name, command) => {
    for (const columns of WIDTHS) {
      const help = helpOf(command, columns);
      expect(help.split('\n').filter((line) => line.length > columns)).toEqual([]);
      expect(wordsOf(help)).toEqual(wordsOf(helpOf(command, 1000)));
    }
  },
);

test.each(COMMANDS)('the help of %s has examples of it', (name, command) => {
  const help = helpOf(command);
  expect(help).not.toMatch(/\(default:\s+(?:false|\[\])\)/);
  const [, examples = ''] = help.split('\nExamples:\n');
  expect(examples).toMatch(new RegExp(`dynosim ${name}\\b`));
});

test.each(COMMANDS)('the description of %s has no line ends of its own', (_name, command) => {
  const [, description] = helpOf(command, 1000).split('\n\n');
  expect(description).not.toContain('\n');
});

test('README.md names every command', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const named = (name: string) => new RegExp(`(?:dynosim |\`)${name}(?![\\w:-])`).test(readme);
  expect(COMMANDS.map(([name]) => name).filter((name) => !named(name))).toEqual([]);
});

test('no two commands share a name', () => {
  const names = PROGRAM.commands.flatMap((command) => [command.name(), ...command.aliases()]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('on a narrow terminal, descriptions stand below long flags, and examples are continued', () => {
  const host = PROGRAM.commands.find((command) => command.name() === 'host');
  if (!host) throw new Error('There is no host');
  const help = helpOf(host, 60);
  expect(help).toContain("  -p, --port <port>\n      the router's port; 0 takes any (default: 5006)\n");
  expect(help).toContain('  $ dynosim host --detach && eval "$(dynosim env)" && \\\n      heroku create');
});

test('families share a row of the help of all commands', () => {
  expect(helpOf(PROGRAM)).toMatch(/^ {2}config\[:get\|:set\|:unset\] {2}\S/m);
});

test('the help of dynosim names each family of commands in a way that can be typed', () => {
  const help = helpOf(PROGRAM, 200);
  const names = [...help.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'config[:get|:set|:unset]',
      'addons[:info|…]',
      'addons:attach|detach',
      'run[:detached]',
    ]),
  );
  for (const name of names)
    expect(name).toMatch(/^[a-z]+(:[a-z-]+)*(\[(:[a-z]+\|)*(:[a-z]+|…)\]|(\|[a-z]+)*(\|…)?)$/);
});
