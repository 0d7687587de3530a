import { failure, missing } from '../failure.js';
import type { Failure } from '../step.js';
import type { PythonFacts } from './facts.js';
import type { PythonPackageManager } from './package-managers.js';
import {
  CHECKED_IN_PYTHON,
  checkedInVenv,
  noPackageManager,
  PIPFILE_WITHOUT_LOCK,
  SETUP_PY_ONLY,
  severalPackageManagers,
} from './texts.js';
import type { RequestedPython } from './version.js';
import { UNSPECIFIED_FOR_UV } from './version-texts.js';

/** What a Python build builds with. */
export interface PythonChoice {
  readonly manager: PythonPackageManager;
  readonly managerVersion: string;
  readonly python: { readonly command: string; readonly version: string };
  readonly requested: Extract<RequestedPython, { version: string }>;
}

/** What to build with, or the first reason why the app cannot be built. */
export function choose(facts: PythonFacts): PythonChoice | Failure {
  if (facts.hasOwnPython) return failure(CHECKED_IN_PYTHON);
  const manager = chooseManager(facts);
  if ('text' in manager) return manager;
  if (facts.venv !== undefined) return failure(checkedInVenv(facts.venv));
  const { requested, python, managerVersion } = facts;
  if ('refusal' in requested) return failure(requested.refusal);
  if (manager.name === 'uv' && requested.origin !== '.python-version') return failure(UNSPECIFIED_FOR_UV);
  if (python === undefined)
    return missing('Python', 'there is no python3 in PATH', 'apt-get install python3-venv');
  if (managerVersion !== undefined) return { manager, managerVersion, python, requested };
  if (manager.name === 'pip') {
    const why = `${python.command} has no ensurepip, which makes virtual environments`;
    return missing('pip', why, 'apt-get install python3-venv');
  }
  const [program] = manager.command;
  return missing(manager.name, `there is no ${program} in PATH`, `pipx install ${program}`);
}

function chooseManager({ managers, files }: PythonFacts): PythonPackageManager | Failure {
  if (files.has('Pipfile') && !files.has('Pipfile.lock')) return failure(PIPFILE_WITHOUT_LOCK);
  const [manager, ...others] = managers;
  if (manager === undefined) return failure(files.has('setup.py') ? SETUP_PY_ONLY : noPackageManager(files));
  if (others.length === 0) return manager;
  return failure(severalPackageManagers(managers.map(({ file, name }) => `${file} (${name})`)));
}
