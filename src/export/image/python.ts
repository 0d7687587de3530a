/** Images of Python apps. https://devcenter.heroku.com/articles/python-support */

import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { namesIn } from '../../base/read.js';
import { shellWords } from '../../base/shell-word.js';
import { PACKAGE_MANAGERS, type PythonPackageManager } from '../../build/python/package-managers.js';
import { PYTHON_DIR } from '../../build/python/plan.js';
import { readRequestedPython } from '../../build/python/version.js';
import { filesBelow, textOf } from '../../config/folder.js';
import { packagesFor } from './debian.js';
import { EMPTY, hookCommand, type Recipe, type RecipeApp } from './recipe.js';

/** Read by pip and by all that use it, by uv, and by Poetry. */
const SETTINGS = [
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_TRUSTED_HOST',
  'PIP_NO_INDEX',
  'PIP_FIND_LINKS',
  'PIP_CONSTRAINT',
  'UV_DEFAULT_INDEX',
  'UV_INDEX',
  'REQUESTS_CA_BUNDLE',
];

const VENV = `/app/${PYTHON_DIR}`;

/** @throws UserError `NO_IMAGE` */
export function pythonRecipe(app: RecipeApp): Recipe {
  const files = new Set(namesIn(app.dir));
  const requested = readRequestedPython(app.dir, files);
  if ('refusal' in requested)
    throw new UserError(
      'NO_IMAGE',
      'No image can be made for the Python that the app asks for',
      ASK_OTHERWISE,
    );
  const manager = PACKAGE_MANAGERS.find(({ file }) => files.has(file));
  const lists = manager === undefined ? '' : textOf(join(app.dir, manager.file));
  const before = hookCommand(app, 'bin/pre_compile');
  return {
    ...EMPTY,
    language: 'python',
    base: `python:${requested.version}-slim`,
    buildBase: `python:${requested.version}`,
    settings: SETTINGS,
    buildEnv: {
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_ROOT_USER_ACTION: 'ignore',
      VIRTUAL_ENV: VENV,
      UV_PROJECT_ENVIRONMENT: VENV,
      ...manager?.env,
    },
    manifests: manager === undefined || before.length > 0 ? [] : manifestsOf(manager, lists, files),
    install: [
      ...before,
      `python -m venv ${VENV}`,
      ...(manager === undefined ? [] : installCommands(manager)),
    ],
    build: [...collectstatic(app, lists), ...hookCommand(app, 'bin/post_compile')],
    env: { PYTHONUNBUFFERED: '1', PYTHONPATH: '/app' },
    path: { before: [`${VENV}/bin`], behind: EMPTY.path.behind },
    packages: packagesFor(lists),
  };
}

const ASK_OTHERWISE = 'Write one version into .python-version, for example 3.13.';

/** pip comes with Python; each other one gets an environment of its own, as pipx would make it. */
function installCommands({ name, command, options }: PythonPackageManager): readonly string[] {
  const install = shellWords([...command, ...options]);
  if (name === 'pip') return [install];
  const [program] = command;
  const own = `/opt/${program}`;
  return [`python -m venv ${own}`, `${own}/bin/pip install ${program}`, `${own}/bin/${install}`];
}

/** Empty if the list names other files, or the app itself is installed. */
function manifestsOf(
  { name, file }: PythonPackageManager,
  text: string,
  files: ReadonlySet<string>,
): readonly string[] {
  if (name === 'Pipenv') return [file, 'Pipfile'].filter((one) => files.has(one));
  const namesOthers = /^\s*(?:-[rce]\b|--(?:requirement|constraint|editable)|\.|file:)|@\s*file:/m.test(text);
  return name === 'pip' && !namesOthers ? [file] : [];
}

/** https://devcenter.heroku.com/articles/django-assets */
function collectstatic({ dir, configVars }: RecipeApp, lists: string): readonly string[] {
  if (!/^["\s]*(?:name = ")?django\b(?!-)/im.test(lists)) return [];
  if ((configVars.get('DISABLE_COLLECTSTATIC') ?? '0') !== '0') return [];
  const below = filesBelow(
    dir,
    (path, name) => path.split('/').length < 3 && !/^\.|^node_modules$|venv/.test(name),
  );
  const found = [...below].filter((path) => /(?:^|\/)manage\.py$/.test(path));
  const [manage] = found.sort((a, b) => a.split('/').length - b.split('/').length);
  return manage === undefined ? [] : [shellWords(['python', manage, 'collectstatic', '--noinput'])];
}
