import { dirname, join, normalize } from 'node:path';
import { readOrEmpty } from '../../base/read.js';

/** Something that happens by itself in a process. */
export interface Timer {
  /** Relative to the app's folder. */
  readonly file: string;
  readonly line: number;
  /** `a timer`, `a schedule (node-cron)` */
  readonly what: string;
}

/** Imports of libraries that run something at certain times. */
const JS_SCHEDULER =
  /(?:from|import|require\()\s*['"](node-cron|node-schedule|cron|croner|agenda|bree|toad-scheduler)['"]/;
const PYTHON_SCHEDULER = /^\s*(?:from|import)\s+(apscheduler|flask_apscheduler|django_apscheduler)\b/;

/** A timer that fires more often has to do with requests, such as a heartbeat. */
const SHORTEST_MS = 1000;

/** More files are hardly the app's own. */
const MOST_FILES = 300;

/**
 * Finds a timer or a schedule in the files that a command runs, as far as they can be followed.
 * @param dir the app's folder
 */
export function findTimer(dir: string, command: string): Timer | undefined {
  const left = [...entriesOf(dir, command)];
  const seen = new Set<string>();
  for (let file = left.shift(); file !== undefined && seen.size < MOST_FILES; file = left.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = readOrEmpty(join(dir, file));
    const timer = timerIn(text, file.endsWith('.py'));
    if (timer) return { file, ...timer };
    left.push(...importsOf(dir, file, text));
  }
  return undefined;
}

/** The files that a command names: `node web.js`, `gunicorn shop.wsgi:app`, `npm start`. */
function entriesOf(dir: string, command: string): readonly string[] {
  const words = command.split(/\s+/);
  if (/^(?:npm|yarn|pnpm)$/.test(words[0] ?? '')) return scriptEntries(dir, words);
  return words.flatMap((word) => {
    if (/\.(?:[cm]?[jt]s|py)$/.test(word)) return existing(dir, [normalize(word)]);
    const module = /^([a-z_][\w.]*):\w+/i.exec(word)?.[1];
    return module === undefined ? [] : moduleFiles(dir, module.split('.').join('/'));
  });
}

function scriptEntries(dir: string, words: readonly string[]): readonly string[] {
  const name = words.slice(1).find((word) => word !== 'run' && !word.startsWith('-')) ?? '';
  const script = new RegExp(`"${name.replaceAll(/\W/g, '\\$&')}"\\s*:\\s*"([^"]+)"`).exec(
    readOrEmpty(join(dir, 'package.json')),
  )?.[1];
  return script === undefined || /^(?:npm|yarn|pnpm)\b/.test(script) ? [] : entriesOf(dir, script);
}

/** The app's own files that a file imports. */
function importsOf(dir: string, file: string, text: string): readonly string[] {
  const folder = dirname(file);
  if (file.endsWith('.py')) {
    const modules = text.matchAll(/^\s*(?:from\s+(\.*[\w.]*)\s+import|import\s+([\w.]+))/gm);
    return Array.from(modules, ([, from, name]) => (from ?? name ?? '').replace(/^\.+/, '')).flatMap(
      (module) => {
        const path = module.split('.').join('/');
        return [...moduleFiles(dir, path), ...moduleFiles(dir, join(folder, path))];
      },
    );
  }
  const specifiers = text.matchAll(/(?:from|import|require)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g);
  return [...specifiers].flatMap(([, specifier = '']) => {
    const path = normalize(join(folder, specifier));
    const stem = path.replace(/\.js$/, '');
    return existing(dir, [
      path,
      ...['.js', '.mjs', '.cjs', '.ts', '/index.js', '/index.ts'].map((end) => `${stem}${end}`),
    ]);
  });
}

function moduleFiles(dir: string, path: string): readonly string[] {
  return path === '' ? [] : existing(dir, [`${path}.py`, `${path}/__init__.py`].map(normalize));
}

/** Those that are files in the folder, and not above it. */
function existing(dir: string, files: readonly string[]): readonly string[] {
  return files.filter((file) => !file.startsWith('..') && readOrEmpty(join(dir, file)) !== '');
}

function timerIn(text: string, isPython: boolean): Omit<Timer, 'file'> | undefined {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:\/\/|\*|#)/.test(line)) continue;
    const library = (isPython ? PYTHON_SCHEDULER : JS_SCHEDULER).exec(line)?.[1];
    if (library !== undefined) return { line: index + 1, what: `a schedule (${library})` };
    const at = isPython ? -1 : line.search(/\bsetInterval\(/);
    if (at >= 0 && isLong(lines.slice(index).join('\n').slice(at)))
      return { line: index + 1, what: 'a timer' };
  }
  return undefined;
}

/** Whether a call of `setInterval` has a period that is written as a number, and long. */
function isLong(call: string): boolean {
  const args = argumentsOf(call);
  const period = args?.at(-1)?.trim() ?? '';
  if (args === undefined || !/^[\d_]+(?:\s*\*\s*[\d_]+)*$/.test(period)) return false;
  return period.split('*').reduce((ms, factor) => ms * Number(factor.replaceAll('_', '')), 1) >= SHORTEST_MS;
}

/** The texts of a call's arguments; undefined if it does not end, or the timer is one that keeps nothing alive. */
function argumentsOf(call: string): readonly string[] | undefined {
  const found: string[] = [];
  let depth = 0;
  let begin = call.indexOf('(') + 1;
  for (let at = begin - 1; at < call.length; at += 1) {
    const character = call[at] ?? '';
    if ('([{'.includes(character)) depth += 1;
    if (character === ',' && depth === 1) {
      found.push(call.slice(begin, at));
      begin = at + 1;
    }
    if (!')]}'.includes(character)) continue;
    depth -= 1;
    if (depth > 0) continue;
    found.push(call.slice(begin, at));
    const last = found.at(-1)?.trim() === '' ? found.slice(0, -1) : found;
    return call.startsWith('.unref()', at + 1) ? undefined : last;
  }
  return undefined;
}
