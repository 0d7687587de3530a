/** Judges programs and modules by the list of an app's Python packages. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { enumerate, quote } from '../../../base/wording.js';
import { textOf } from '../../folder.js';
import { PYTHON_LISTS } from '../../languages.js';
import { normalized, type Requirements, readRequirements } from '../../requirements.js';
import { type Judged, lost, thereIn, unknown } from './judged.js';

/** A program or module, and what brings it. */
interface PythonRow {
  /** The name of the package. */
  readonly name: string;
  /** Other packages that need it, as far as they are known. */
  readonly broughtBy?: RegExp;
}

const FLASK = { name: 'Flask', broughtBy: /flask|^(?:dash|mlflow|locust|connexion|apache-airflow|superset)/ };
const DJANGO = { name: 'Django', broughtBy: /django|wagtail|mezzanine|^(?:cms|netbox|saleor)/ };

/** Programs, which are modules as well: `python -m gunicorn`. */
const PROGRAMS: Readonly<Record<string, PythonRow>> = {
  gunicorn: { name: 'gunicorn', broughtBy: /gunicorn|airflow|mlflow|superset/ },
  uvicorn: {
    name: 'uvicorn',
    broughtBy:
      /uvicorn|^fastapi(?:-cli|\[(?:standard|all)\])|^(?:gradio|chainlit|mcp|vllm|chromadb|ray|litestar|prefect|mlflow)/,
  },
  hypercorn: { name: 'hypercorn', broughtBy: /^quart/ },
  daphne: { name: 'daphne', broughtBy: /^channels\[daphne\]/ },
  'waitress-serve': { name: 'waitress', broughtBy: /pyramid|mlflow|zope|plone/ },
  uwsgi: { name: 'uWSGI', broughtBy: /uwsgi/ },
  celery: { name: 'celery', broughtBy: /celery|flower|airflow|superset|saleor/ },
  flask: FLASK,
  'django-admin': DJANGO,
  streamlit: { name: 'streamlit' },
  rq: { name: 'rq', broughtBy: /rq/ },
  dramatiq: { name: 'dramatiq', broughtBy: /dramatiq/ },
  honcho: { name: 'honcho' },
  'newrelic-admin': { name: 'newrelic' },
  'ddtrace-run': { name: 'ddtrace' },
};

/** Frameworks that a module can import. */
const MODULES: Readonly<Record<string, PythonRow>> = {
  flask: FLASK,
  django: DJANGO,
  fastapi: { name: 'fastapi', broughtBy: /fastapi|^(?:gradio|chainlit|vllm|chromadb|mlflow)/ },
  bottle: { name: 'bottle', broughtBy: /bottle/ },
  quart: { name: 'Quart', broughtBy: /quart/ },
  sanic: { name: 'sanic', broughtBy: /sanic/ },
  falcon: { name: 'falcon', broughtBy: /falcon/ },
  pyramid: { name: 'pyramid', broughtBy: /pyramid/ },
};

/** Classes of gunicorn's workers, by the beginning of their names. */
const WORKERS: Readonly<Record<string, PythonRow>> = {
  gevent: { name: 'gevent', broughtBy: /gevent/ },
  eventlet: { name: 'eventlet', broughtBy: /eventlet/ },
  'uvicorn.': PROGRAMS.uvicorn ?? { name: 'uvicorn' },
};

/** An app's list of packages. */
export interface PythonPackages extends Requirements {
  readonly file: string;
  /** Those that only development needs. */
  readonly dev: ReadonlySet<string>;
  /** Whether it has all packages, those included that others need. */
  readonly isClosed: boolean;
}

/** @returns undefined if the app has no list, or several */
export function readPythonPackages(dir: string): PythonPackages | undefined {
  const lists = Object.values(PYTHON_LISTS).filter((file) => existsSync(join(dir, file)));
  const [file] = lists;
  if (file === undefined || lists.length > 1) return undefined;
  if (file !== PYTHON_LISTS.pip) return readLock(file, textOf(join(dir, file)));
  return { file, dev: new Set(), isClosed: false, ...readRequirements((name) => textOf(join(dir, name))) };
}

function readLock(file: string, text: string): PythonPackages {
  const [names, dev] = file === PYTHON_LISTS.Pipenv ? namesInPipfileLock(text) : namesInToml(text);
  return {
    file,
    names: new Set(names.map(normalized)),
    dev: new Set(dev.map(normalized)),
    isClosed: true,
    hasUnnamed: names.length === 0,
  };
}

function namesInPipfileLock(text: string): readonly [names: string[], dev: string[]] {
  const [main = '', develop = ''] = text.split(/^ {4}"develop": \{/m);
  const keys = (part: string): string[] =>
    Array.from(part.matchAll(/^ {8}"([\w.-]+)": \{/gm), ([, name = '']) => name);
  return [keys(main), keys(develop)];
}

/** poetry.lock and uv.lock. Only Poetry says which packages are in which groups. */
function namesInToml(text: string): readonly [names: string[], dev: string[]] {
  const names: string[] = [];
  const dev: string[] = [];
  for (const part of text.split(/^\[\[package\]\]$/m).slice(1)) {
    const [, name] = /^name = "([^"]+)"$/m.exec(part) ?? [];
    const [, groups] = /^groups = \[([^\]]*)\]$/m.exec(part) ?? [];
    if (name !== undefined) (groups !== undefined && !groups.includes('"main"') ? dev : names).push(name);
  }
  return [names, dev];
}

/**
 * Judges a program, and the kind of its workers.
 * @returns undefined if it is none of Python's
 */
export function judgePythonProgram(
  name: string,
  args: readonly string[],
  by: string,
  packages: PythonPackages,
): readonly Judged[] | undefined {
  const row = PROGRAMS[name];
  if (!row) return undefined;
  const worker = name === 'gunicorn' ? workerOf(args) : undefined;
  return [
    judge(row, `${quote(by)} starts ${quote(name)}`, packages),
    ...(worker ? [judge(worker.row, `The worker class ${quote(worker.name)} needs it`, packages)] : []),
  ];
}

function workerOf(args: readonly string[]): { readonly name: string; readonly row: PythonRow } | undefined {
  const [, name] = /(?:^|\s)(?:-k|--worker-class)[\s=]*([\w.]+)/.exec(args.join(' ')) ?? [];
  const found = Object.entries(WORKERS).find(([beginning]) => name?.startsWith(beginning));
  return name === undefined || !found ? undefined : { name, row: found[1] };
}

/** The framework that a module imports at its beginning, if the list says anything about it. */
export function judgePythonModule(file: string, text: string, packages: PythonPackages): readonly Judged[] {
  const names = Array.from(text.matchAll(/^(?:from|import)\s+(\w+)/gm), ([, name = '']) => name);
  return [...new Set(names)].flatMap((name) => {
    const row = MODULES[name];
    return row ? [judge(row, `${file} imports ${quote(name)}`, packages)] : [];
  });
}

/** Modules of Python itself, as far as scripts import them. */
const STANDARD =
  /^(?:__future__|abc|argparse|array|ast|asyncio|base64|bisect|calendar|cgi|collections|concurrent|configparser|contextlib|copy|csv|ctypes|dataclasses|datetime|decimal|difflib|email|enum|errno|fnmatch|fractions|functools|gc|getpass|glob|gzip|hashlib|heapq|hmac|html|http|importlib|inspect|io|ipaddress|itertools|json|locale|logging|math|mimetypes|multiprocessing|numbers|operator|os|pathlib|pickle|platform|pprint|queue|random|re|resource|sched|secrets|select|selectors|shlex|shutil|signal|smtplib|socket|socketserver|sqlite3|ssl|stat|statistics|string|struct|subprocess|sys|tempfile|textwrap|threading|time|traceback|types|typing|unicodedata|unittest|urllib|uuid|warnings|weakref|wsgiref|xml|zipfile|zlib|zoneinfo)$/;

/** A script that Python runs. What it imports is known only if Python itself or the app has it, or if it is a framework. */
export function judgePythonScript(
  file: string,
  dir: string,
  packages: PythonPackages | undefined,
): readonly Judged[] {
  const text = textOf(join(dir, file));
  const names = Array.from(text.matchAll(/^[ \t]*(?:from|import)\s+(\w+)/gm), ([, name = '']) => name);
  const isOwn = (name: string): boolean =>
    existsSync(join(dir, file, '..', `${name}.py`)) || existsSync(join(dir, file, '..', name));
  const others = names.filter((name) => !STANDARD.test(name) && !isOwn(name));
  if (text !== '' && others.length === 0) return [];
  const judged = packages ? judgePythonModule(file, text, packages) : [];
  return judged.length > 0 ? judged : [unknown(`Which packages bring what ${file} imports is not known.`)];
}

function judge({ name, broughtBy }: PythonRow, why: string, packages: PythonPackages): Judged {
  const { file, names, dev, isClosed, hasUnnamed } = packages;
  const wanted = normalized(name);
  if (names.has(wanted)) return thereIn(name, file);
  if (dev.has(wanted)) {
    const message = `${why}, which ${file} has for development only: Heroku does not install it.`;
    return lost(file, 0, message, `Move ${name} to the packages that the app needs.`);
  }
  const others = [...names].filter((one) => !isClosed && broughtBy?.test(one));
  if (others.length > 0)
    return unknown(
      `Whether ${enumerate(others)} ${others.length > 1 ? 'bring' : 'brings'} ${name} is not known.`,
    );
  if (hasUnnamed)
    return unknown(`Whether ${name} is among the entries of ${file} without a name is not known.`);
  return lost(file, 0, `${why}, but ${file} does not have ${name}.`, hintFor(name, file));
}

function hintFor(name: string, file: string): string {
  switch (file) {
    case PYTHON_LISTS.pip:
      return `Add a line to requirements.txt: ${name}`;
    case PYTHON_LISTS.Pipenv:
      return `Run: pipenv install ${name}`;
    default:
      return `Run: ${file === PYTHON_LISTS.uv ? 'uv' : 'poetry'} add ${name}`;
  }
}
