import type { CommandLine } from '../../base/process.js';
import { PYTHON_LISTS } from '../../config/languages.js';

/** How one package manager of Python's installs an app's dependencies. */
export interface PythonPackageManager {
  /** What the app has that uses it. */
  readonly file: string;
  /** As Heroku writes it. */
  readonly name: string;
  /** What Heroku shows of its command. */
  readonly command: CommandLine;
  /** The rest of it. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** https://devcenter.heroku.com/articles/python-support#supported-package-managers */
export const PACKAGE_MANAGERS: readonly PythonPackageManager[] = [
  {
    file: PYTHON_LISTS.Pipenv,
    name: 'Pipenv',
    command: ['pipenv', 'install', '--deploy'],
    options: [],
    env: { PIPENV_NOSPIN: '1', PIPENV_VERBOSITY: '-1' },
  },
  {
    file: PYTHON_LISTS.pip,
    name: 'pip',
    command: ['pip', 'install', '-r', 'requirements.txt'],
    options: ['--exists-action=w', '--no-input', '--progress-bar', 'off', '--src', '.heroku/python/src'],
    env: {},
  },
  {
    file: PYTHON_LISTS.Poetry,
    name: 'Poetry',
    command: ['poetry', 'sync', '--only', 'main'],
    options: ['--compile', '--no-ansi', '--no-interaction'],
    env: {},
  },
  {
    file: PYTHON_LISTS.uv,
    name: 'uv',
    command: ['uv', 'sync', '--locked', '--no-default-groups'],
    options: ['--compile-bytecode', '--no-progress'],
    env: {
      UV_NO_MANAGED_PYTHON: '1',
      UV_PYTHON_DOWNLOADS: 'never',
      // Hard links would let the app change the cache.
      UV_LINK_MODE: 'copy',
    },
  },
];
