import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../../helpers/folder.js';
import { buildApp } from './world.js';

const hasVenv = spawnSync('python3', ['-m', 'ensurepip', '--version']).status === 0;

/** Writes a wheel, which is all that pip installs without network. Arguments: name, version, module, console script. */
const MAKE_WHEEL = `
import sys, zipfile
name, version, code, script = sys.argv[1:]
info = f"{name}-{version}.dist-info"
files = {
    f"{name}/__init__.py": code,
    f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    f"{info}/entry_points.txt": f"[console_scripts]\\n{script} = {name}:main\\n",
}
files[f"{info}/RECORD"] = "".join(f"{path},,\\n" for path in [*files, f"{info}/RECORD"])
with zipfile.ZipFile(f"{name}-{version}-py3-none-any.whl", "w") as wheel:
    for path, text in files.items():
        wheel.writestr(path, text)
`;

/** A folder with a wheel of this code. */
function makeWheels(name: string, code: string): string {
  const dir = makeFolder();
  execFileSync('python3', ['-c', MAKE_WHEEL, name, '1.0', code, `run-${name}`], { cwd: dir });
  return dir;
}

/** The config vars that make pip look into a folder alone. */
function onlyFrom(wheels: string) {
  return { PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels };
}

/** All that the output shows of Python's build. */
function pythonLines(output: string): string {
  return output.slice(output.indexOf('-----> Python app'), output.indexOf('-----> Discovering'));
}

describe.skipIf(!hasVenv)('with a Python that can make virtual environments', () => {
  test('an app is built as Heroku does it, hooks and all, and its programs run', async () => {
    const wheels = makeWheels('tinyweb', 'def main(): print("tiny")');
    const configVars = { ...onlyFrom(wheels), GREETING: 'good day' };
    const files = {
      'requirements.txt': 'tinyweb==1.0\n',
      '.python-version': '3.9999\n',
      'bin/pre_compile': '#!/bin/sh\necho "$GREETING before"',
      'bin/post_compile': '#!/bin/sh\nrun-tinyweb; ls $ENV_DIR',
      Procfile: 'web: run-tinyweb',
    };
    const { dir, outcome, output } = await buildApp(files, { configVars });
    const lines = pythonLines(output)
      .replace(/(Using Python |Installing pip )\d+\.\d+\.[\d.]+/g, '$1X')
      .replace(' (from -r requirements.txt (line 1))', '');
    expect(lines).toBe(`-----> Python app detected
-----> Running bin/pre_compile hook
       good day before
-----> Using Python 3.9999 specified in .python-version
-----> Using Python X of this machine (3.9999 was asked for)
-----> Installing pip X
-----> Installing dependencies using 'pip install -r requirements.txt'
       Looking in links: ${wheels}
       Processing ${wheels}/tinyweb-1.0-py3-none-any.whl
       Installing collected packages: tinyweb
       Successfully installed tinyweb-1.0
-----> Running bin/post_compile hook
       tiny
       GREETING
       PIP_FIND_LINKS
       PIP_NO_INDEX
-----> Saving cache
`);
    expect(outcome).toMatchObject({ outcome: 'built', language: 'Python', processes: { size: 1 } });
    expect(execFileSync(join(dir, '.heroku/python/bin/run-tinyweb'), { encoding: 'utf8' })).toBe('tiny\n');
    expect(existsSync(join(dir, '.profile.d/python.sh'))).toBe(true);
  });

  test.each([
    [
      'collected, with the config vars',
      {},
      " {7}\\['collectstatic', '--noinput', '--traceback'\\] good day\n\n-----> Saving cache\n",
    ],
    [
      'missing if that fails, and so does the build',
      { BROKEN: '1' },
      ' !     Error: Unable to generate Django static files\\.\n',
    ],
  ])("Django's static files are %s", async (_, vars, text) => {
    const { output } = await buildApp(
      {
        'requirements.txt': 'django',
        '.python-version': '3.14',
        'site/manage.py':
          'import os, sys; print(sys.argv[1:], os.environ["GREETING"]); sys.exit("BROKEN" in os.environ)',
      },
      { configVars: { ...onlyFrom(makeWheels('django', '')), GREETING: 'good day', ...vars } },
    );
    expect(output).toContain('-----> $ python site/manage.py collectstatic --noinput\n       [');
    expect(output).toMatch(new RegExp(text));
  });

  test('without the package index the build fails, and says what helps', async () => {
    const { output, outcome } = await buildApp(
      { 'requirements.txt': 'no-such-package==1.0', '.python-version': '3.14' },
      {
        configVars: { PIP_INDEX_URL: 'http://127.0.0.1:9/', PIP_CONFIG_FILE: '/dev/null' },
        shell: { PATH: process.env.PATH, HOME: makeFolder() },
      },
    );
    expect(outcome).toEqual({ outcome: 'failed' });
    expect(output).toContain(`
 !     Error: Unable to install dependencies using pip.
 !     
 !     See the log output above for more information.

 !     dynosim: The package index could not be reached. Without network: heroku config:set PIP_NO_INDEX=1 PIP_FIND_LINKS=/folder/of/wheels

 !     Push rejected, failed to compile Python app.

 !     Push failed
`);
  });
});

test.each<[string, Record<string, string>, string]>([
  ['no package manager', { 'app.py': '' }, "Couldn't find any supported Python package manager files."],
  ['setup.py alone', { 'setup.py': '' }, 'Implicit setup.py file support has been sunset.'],
  ['a Pipfile without its lock file', { Pipfile: '' }, "No 'Pipfile.lock' found!"],
  [
    'several package managers',
    { 'requirements.txt': '', 'uv.lock': '' },
    'requirements.txt (pip)\n !     uv.lock (uv)\n',
  ],
  [
    'a virtual environment',
    { 'requirements.txt': '', 'venv/pyvenv.cfg': '' },
    "Existing 'venv/' directory found.",
  ],
  [
    'a Python of its own',
    { 'requirements.txt': '', '.heroku/python/x': '' },
    "Existing '.heroku/python/' directory",
  ],
  ['a version that is none', { 'requirements.txt': '', '.python-version': 'v3' }, 'was found:\n !     v3\n'],
  ['an empty version file', { 'requirements.txt': '', '.python-version': '#' }, 'No Python version found in'],
  [
    'two versions',
    { 'requirements.txt': '', '.python-version': '3.13\n3.14' },
    'Multiple Python versions found',
  ],
  [
    'a wrong runtime.txt',
    { 'requirements.txt': '', 'runtime.txt': '3.14' },
    'Invalid Python version in runtime.txt',
  ],
  [
    'an old version',
    { 'Pipfile.lock': '{"_meta":{"requires":{"python_version": "3.9"}}}' },
    'Python 3.9 has reached its upstream end-of-life',
  ],
  ['uv, and no version', { 'uv.lock': '' }, 'Error: No Python version was specified.'],
  [
    'a package manager that is not here',
    { 'poetry.lock': '', '.python-version': '3.14' },
    'Builds use the programs of this machine, and there is no poetry in PATH. Install it, for example: pipx install poetry',
  ],
])('an app with %s is refused as Heroku does it', async (_, files, text) => {
  // A machine that has nothing but bash, and a Python that is not looked for in PATH.
  const programs = makeFolder();
  symlinkSync('/bin/bash', join(programs, 'bash'));
  const { output, outcome } = await buildApp(files, { shell: { PATH: programs } });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toContain(text);
  expect(output).toMatch(/\n\n ! {5}Push rejected, failed to compile Python app\.\n/);
});
