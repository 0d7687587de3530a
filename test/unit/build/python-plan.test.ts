import { expect, test } from 'vitest';
import type { BuilderApp } from '../../../src/build/buildpack.js';
import { collectstatic } from '../../../src/build/python/collectstatic.js';
import type { PythonFacts } from '../../../src/build/python/facts.js';
import { PACKAGE_MANAGERS } from '../../../src/build/python/package-managers.js';
import { planPython } from '../../../src/build/python/plan.js';
import type { Step } from '../../../src/build/step.js';
import { makeFolder } from '../../helpers/folder.js';

const FACTS: PythonFacts = {
  files: new Set(['requirements.txt']),
  managers: [],
  requested: { version: '3.13', origin: '.python-version' },
  python: { command: 'python3.13', version: '3.13.2' },
  managerVersion: '24.0',
  hasOwnPython: false,
  venv: undefined,
  cache: { dir: '/cache/python', former: undefined },
};

/** The commands of a plan, and what it prints beside their output. */
function describePlan(change: Partial<PythonFacts>): { commands: readonly string[]; text: string } {
  const steps = planPython(makeApp(), { ...FACTS, ...change });
  return {
    commands: steps.flatMap((step) => (step.does === 'run' ? [step.command.join(' ')] : [])),
    text: steps.map(textOf).join(''),
  };
}

function textOf(step: Step): string {
  if (step.does === 'run') return step.heading ?? '';
  return step.does === 'print' ? step.text : '';
}

function makeApp({ env = {}, dir = '/app', status = 0 } = {}): BuilderApp {
  return {
    dir,
    env,
    cacheDir: '/cache',
    configVars: new Map(),
    has: () => true,
    ask: async () => ({ status, stdout: '', stderr: '' }),
  };
}

test.each(PACKAGE_MANAGERS.map((manager) => [manager.name, manager] as const))(
  'an app of %s is installed into a virtual environment',
  (_, manager) => {
    const { commands, text } = describePlan({ managers: [manager] });
    expect(commands.slice(0, 2)).toEqual([
      `python3.13 -m venv ${manager.name === 'pip' ? '' : '--without-pip '}.heroku/python`,
      [...manager.command, ...manager.options].join(' '),
    ]);
    expect(text).toBe(`-----> Using Python 3.13 specified in .python-version
-----> Using Python 3.13.2 of this machine
-----> ${manager.name === 'pip' ? 'Installing pip 24.0' : `Using ${manager.name} 24.0 of this machine`}
-----> Installing dependencies using '${manager.command.join(' ')}'
-----> Saving cache
`);
  },
);

const PIP = { managers: PACKAGE_MANAGERS.filter(({ name }) => name === 'pip') };

test.each<[string, Partial<PythonFacts>, string]>([
  [
    'no version was asked for',
    { requested: { version: '3.14', origin: 'default' } },
    ` specified. Using the buildpack default: Python 3.14

 !     Warning: No Python version was specified.`,
  ],
  [
    'runtime.txt asks for one',
    { requested: { version: '3.12.1', origin: 'runtime.txt' } },
    'runtime.txt\n\n !     Warning: The runtime.txt file is deprecated.',
  ],
  [
    'it is not the one that was asked for',
    { requested: { version: '3.12.1', origin: 'Pipfile.lock' } },
    '-----> Using Python 3.13.2 of this machine (3.12.1 was asked for)\n',
  ],
  [
    'the cache is of this version',
    { cache: { dir: '/cache/python', former: { python: '3.13.2', manager: 'pip' } } },
    '-----> Restoring cache\n',
  ],
  [
    'the cache is of another one',
    { cache: { dir: '/cache/python', former: { python: '3.12.1', manager: 'uv' } } },
    `-----> Discarding cache since:
       - The Python version has changed from 3.12.1 to 3.13.2
       - The package manager has changed from uv to pip
`,
  ],
])('a build tells if %s', (_, facts, text) => {
  expect(describePlan({ ...PIP, ...facts }).text).toContain(text);
});

async function collected(app: BuilderApp): Promise<string> {
  const step = collectstatic(app);
  return step.does === 'decide' ? (await step.steps()).map(textOf).join('') : '';
}

test('static files are collected by the manage.py of a Django project that is the least deep', async () => {
  const dir = makeFolder({ 'a/b/manage.py': '', 'z/manage.py': '', 'a/b/c/manage.py': '' });
  expect(await collected(makeApp({ dir }))).toBe('-----> $ python z/manage.py collectstatic --noinput\n\n');
  expect(await collected(makeApp({ dir: makeFolder({ 'a/b/c/manage.py': '' }) }))).toBe(
    '-----> Skipping Django collectstatic since no manage.py file found.\n',
  );
  expect(await collected(makeApp({ dir, status: 1 }))).toBe('');
  expect(await collected(makeApp({ dir, env: { DISABLE_COLLECTSTATIC: '1' } }))).toBe(
    '-----> Skipping Django collectstatic since the env var DISABLE_COLLECTSTATIC is set.\n',
  );
});
