/** The steps of a Python build, in the buildpack's order. */

import type { BuilderApp } from '../buildpack.js';
import { failure } from '../failure.js';
import { hook } from '../hook.js';
import { block, details, heading } from '../lines.js';
import { type Failure, fail, print, run, type Step } from '../step.js';
import { choose, type PythonChoice } from './choose.js';
import { collectstatic } from './collectstatic.js';
import type { PythonFacts } from './facts.js';
import { PROFILE } from './profile.js';
import { failedHook, failedInstall } from './texts.js';
import { majorOf } from './version.js';
import { RUNTIME_TXT_DEPRECATED, UNSPECIFIED } from './version-texts.js';

/** Where the virtual environment is, below the app's folder. */
export const PYTHON_DIR = '.heroku/python';

export function planPython(app: BuilderApp, facts: PythonFacts): readonly Step[] {
  const choice = choose(facts);
  if ('text' in choice) return [fail(choice)];
  return [
    ...tellRequested(choice),
    ...restoreCache(facts, choice),
    ...makeEnvironment(choice),
    install(choice),
    collectstatic(app),
    { does: 'write', file: '.profile.d/python.sh', text: PROFILE },
    ...pythonHook(app.dir, 'bin/post_compile'),
    print(heading('Saving cache')),
    run(['bash', '-c', 'mkdir -p "$0" && echo "$1" >"$0/made-by"', facts.cache.dir, madeBy(choice)], []),
  ];
}

/** @param file `bin/pre_compile` or `bin/post_compile`, which need not be there */
export function pythonHook(dir: string, file: string): readonly Step[] {
  return hook(dir, file, failure(failedHook(file)));
}

function tellRequested({ requested: { version, origin } }: PythonChoice): readonly Step[] {
  switch (origin) {
    case 'default':
      return [
        print(heading(`No Python version was specified. Using the buildpack default: Python ${version}`)),
        print(block(UNSPECIFIED)),
      ];
    case 'runtime.txt':
      return [
        print(heading(`Using Python ${version} specified in ${origin}`), block(RUNTIME_TXT_DEPRECATED)),
      ];
    default:
      return [print(heading(`Using Python ${version} specified in ${origin}`))];
  }
}

function restoreCache({ cache }: PythonFacts, { python, manager }: PythonChoice): readonly Step[] {
  if (cache.former === undefined) return [];
  const { former } = cache;
  const reasons = [
    ...(former.python === python.version
      ? []
      : [`- The Python version has changed from ${former.python} to ${python.version}`]),
    ...(former.manager === manager.name
      ? []
      : [`- The package manager has changed from ${former.manager} to ${manager.name}`]),
  ];
  if (reasons.length === 0) return [print(heading('Restoring cache'))];
  return [print(heading('Discarding cache since:'), details(...reasons)), run(['rm', '-rf', cache.dir], [])];
}

function makeEnvironment({ python, requested, manager, managerVersion }: PythonChoice): readonly Step[] {
  const isOther = requested.origin !== 'default' && majorOf(python.version) !== majorOf(requested.version);
  const asked = isOther ? ` (${requested.version} was asked for)` : '';
  const isPip = manager.name === 'pip';
  const flags = isPip ? [] : ['--without-pip'];
  return [
    run([python.command, '-m', 'venv', ...flags, PYTHON_DIR], [failure('Error: Unable to install Python.')], {
      heading: heading(`Using Python ${python.version} of this machine${asked}`),
    }),
    print(
      heading(
        isPip
          ? `Installing pip ${managerVersion}`
          : `Using ${manager.name} ${managerVersion} of this machine`,
      ),
    ),
  ];
}

/** What pip, and all that use it, print if the network is not there. */
const NO_INDEX =
  /NewConnectionError|NameResolutionError|Temporary failure in name resolution|Read timed out|ConnectTimeoutError|ProxyError|error sending request|dns error|All attempts to connect/i;

function install({ manager: { name, command, options, env } }: PythonChoice): Step {
  const plain = failure(failedInstall(name));
  const failures: readonly Failure[] = [
    {
      ...plain,
      says: NO_INDEX,
      remedy:
        'The package index could not be reached. Without network: heroku config:set PIP_NO_INDEX=1 PIP_FIND_LINKS=/folder/of/wheels',
    },
    plain,
  ];
  const title = `Installing dependencies using '${command.join(' ')}'`;
  return run([...command, ...options], failures, { heading: heading(title), env });
}

function madeBy({ python, manager }: PythonChoice): string {
  return `${python.version} ${manager.name}`;
}
