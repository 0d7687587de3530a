import { Argument, Command, Option } from 'commander';
import { beforeEach, expect, test, vi } from 'vitest';
import { complete } from '../../../../src/cli/completion/complete.js';
import { makeFolder } from '../../../helpers/folder.js';
import { ManualClock } from '../../../helpers/manual-clock.js';

/** However slow the machine is, it does not run out of patience. */
const clock = new ManualClock();

/** A home of its own, in which nothing runs. */
beforeEach(() => {
  vi.stubEnv('XDG_STATE_HOME', makeFolder());
  return () => vi.unstubAllEnvs();
});

function program(): Command {
  const main = new Command('dynosim').version('1.2.3');
  main
    .command('ps:type')
    .alias('resize')
    .option('-d, --dir <dir>')
    .option('--json')
    .action(() => {});
  main.command('start').option('-d, --dir <dir>').option('--size <sizes>');
  main.command('logs').addOption(new Option('-s, --source <source>').choices(['app', 'heroku']));
  main.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']));
  main.addCommand(new Command('__complete'), { hidden: true });
  return main;
}

test.each([
  ['commands, without other names for them', [''], ['ps:type', 'start', 'logs', 'completion', 'help']],
  ['other names once one is typed', ['re'], ['resize']],
  ['nothing hidden', ['__'], []],
  ['flags of dynosim itself', ['--v'], ['--version']],
  ['flags of a command', ['ps:type', '--j'], ['--json']],
  ['flags of a command by its other name', ['resize', '--j'], ['--json']],
  ['what a flag can be', ['logs', '-s', ''], ['app', 'heroku']],
  ['what a flag can be, behind "="', ['logs', '--source=a'], ['--source=app']],
  [
    'what a flag is known to be, behind "="',
    ['start', '--size=standard'],
    ['standard-1x', 'standard-2x'].map((size) => `--size=${size}`),
  ],
  ['what a flag is known to be', ['start', '--size', 'ec'], ['eco']],
  ['what an argument can be', ['completion', 'z'], ['zsh']],
  ['sizes, though no app runs', ['ps:type', 'standard'], ['standard-1x', 'standard-2x']],
  ['nothing for a flag of files', ['start', '--dir', ''], []],
  ['nothing for an unknown command', ['nope', ''], []],
  ['commands for help', ['help', 'st'], ['start']],
])('offers %s', async (_what, words, offered) => {
  expect(await complete(program(), words, clock)).toEqual(offered);
});

test('offers the process types of a Procfile that does not run', async () => {
  const dir = makeFolder({ Procfile: 'web: x\nworker: y\n' });
  expect(await complete(program(), ['start', '-d', dir, 'w'], clock)).toEqual(['web', 'worker']);
  expect(await complete(program(), ['start', '-d', `${dir}/nope`, ''], clock)).toEqual([]);
});
