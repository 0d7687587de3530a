import type { AppFolder } from '../proposal.js';
import { moduleOf, sourceFiles } from './modules.js';
import type { ServedApp } from './servers.js';

/** An app that a file of the folder makes. */
export interface FoundApp extends ServedApp {
  readonly file: string;
  /** What it is, for people: `Flask`. */
  readonly framework: string;
}

interface Sign {
  /** Its first group is the name of the app. */
  readonly pattern: RegExp;
  /** Undefined if the app's packages tell. */
  readonly framework?: string;
  readonly isFactory?: true;
  /** Only in files of these names. */
  readonly files?: RegExp;
}

/** Ways to make an app, at the beginning of a line: what is indented may never run. The surest come first. */
const SIGNS: readonly Sign[] = [
  { pattern: /^(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:flask\.)?Flask\(/m, framework: 'Flask' },
  { pattern: /^(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:fastapi\.)?FastAPI\(/m, framework: 'FastAPI' },
  { pattern: /^(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:\w+\.)*Starlette\(/m, framework: 'Starlette' },
  { pattern: /^(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:quart\.)?Quart\(/m, framework: 'Quart' },
  { pattern: /^(\w+)\s*=\s*\w+\.server[ \t]*$/m, framework: 'Dash' },
  { pattern: /^(app|application|api)(?:\s*:\s*\w+)?\s*=\s*(?:create|make)_app\(/m },
  { pattern: /^from [\w.]+ import (?:\w+ as )?(app|application)\s*$/m, files: /(?:^|\/)[aw]sgi\.py$/ },
  { pattern: /^def ((?:create|make)_app)\((?:\)|[^)]*=[^)]*\))/m, isFactory: true },
  { pattern: /^(app|application)\s*=/m, files: /(?:^|\/)[aw]sgi\.py$/ },
];

const KINDS: Readonly<Record<string, ServedApp['kind']>> = {
  Flask: 'wsgi',
  Dash: 'wsgi',
  WSGI: 'wsgi',
  FastAPI: 'asgi',
  Starlette: 'asgi',
  Quart: 'asgi',
  ASGI: 'asgi',
};

const USUAL = ['wsgi', 'asgi', 'app', 'main', 'server', 'run', 'api', 'application', 'index'];

/** Finds the app that a web server is to run: the first in the files with the most usual names. */
export function findApp(app: AppFolder, packages: ReadonlySet<string>): FoundApp | undefined {
  for (const file of sourceFiles(app, USUAL)) {
    const text = app.text(file);
    for (const sign of SIGNS) {
      const [, name] = sign.files && !sign.files.test(file) ? [] : (sign.pattern.exec(text) ?? []);
      const framework = sign.framework ?? frameworkOf(packages);
      const kind = framework === undefined ? undefined : KINDS[framework];
      if (name === undefined || framework === undefined || kind === undefined) continue;
      const isFactory = sign.isFactory === true;
      return { ...moduleOf(app, file), name, isFactory, kind, framework, file };
    }
  }
  return undefined;
}

/** What an app is that only its packages tell of. */
function frameworkOf(packages: ReadonlySet<string>): string | undefined {
  const framework = ['Flask', 'FastAPI', 'Starlette', 'Quart', 'Dash'].find((name) =>
    packages.has(name.toLowerCase()),
  );
  if (framework !== undefined) return framework;
  if (packages.has('gunicorn') || packages.has('waitress')) return 'WSGI';
  return packages.has('uvicorn') ? 'ASGI' : undefined;
}
