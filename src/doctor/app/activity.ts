import { dirname, join, normalize } from 'node:path';
import { readOrEmpty } from '../../base/read.js';

/** Something in a process that a sleep interrupts. */
export interface Activity {
  /** Relative to the app's folder. */
  readonly file: string;
  readonly line: number;
  readonly kind: 'schedule' | 'websockets' | 'timer';
  /** The library, if one is known. */
  readonly library?: string;
}

/** Imports of libraries that run something at certain times. */
const JS_SCHEDULER =
  /(?:from|import|require\()\s*['"](node-cron|node-schedule|cron|croner|agenda|bree|toad-scheduler)['"]/;
const PYTHON_SCHEDULER = /^\s*(?:from|import)\s+(apscheduler|flask_apscheduler|django_apscheduler)\b/;

/** Libraries that serve websockets. Those that are clients as well must be used as servers. */
const JS_WEBSOCKETS = [
  /(?:from|import|require\()\s*['"](socket\.io|sockjs|express-ws|@fastify\/websocket)['"]/,
  /\b(?:WebSocket)?Server\b[^;]*(?:from|require\()\s*['"](ws)['"]/,
  /\bnew WebSocket\.Server\(/,
] as const;
const PYTHON_WEBSOCKETS = [
  /^\s*(?:from|import)\s+(flask_socketio|flask_sock|channels)\b/,
  /^\s*@\w+\.websocket\(/,
] as const;

/** A timer that fires more often has to do with requests, such as a heartbeat. */
const SHORTEST_MS = 1000;

/** More files are hardly the app's own. */
const MOST_FILES = 300;

/**
 * Finds a schedule, a timer or a server of websockets in the files that a command runs, as far as they can be followed.
 * @param dir the app's folder
 */
export function findActivity(dir: string, command: string): Activity | undefined {
  const left = [...entriesOf(dir, command)];
  const seen = new Set<string>();
  for (let file = left.shift(); file !== undefined && seen.size < MOST_FILES; file = left.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = readOrEmpty(join(dir, file));
    const activity = activityIn(text, file.endsWith('.py'));
    if (activity) return { file, ...activity };
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

function activityIn(text: string, isPython: boolean): Omit<Activity, 'file'> | undefined {
  const lines = text.split('\n').map((line) => (/^\s*(?:\/\/|\*|#)/.test(line) ? '' : line));
  const search = (
    kind: Activity['kind'],
    patterns: readonly RegExp[],
  ): Omit<Activity, 'file'> | undefined => {
    for (const [index, line] of lines.entries()) {
      const match = patterns.map((pattern) => pattern.exec(line)).find((one) => one);
      if (!match) continue;
      const library = match.slice(1).find((name) => name);
      return { line: index + 1, kind, ...(library !== undefined && { library }) };
    }
    return undefined;
  };
  // A timer beside websockets is their heartbeat.
  if (isPython) return search('schedule', [PYTHON_SCHEDULER]) ?? search('websockets', PYTHON_WEBSOCKETS);
  return search('schedule', [JS_SCHEDULER]) ?? search('websockets', JS_WEBSOCKETS) ?? longTimer(lines);
}

function longTimer(lines: readonly string[]): Omit<Activity, 'file'> | undefined {
  const index = lines.findIndex((line, index) => {
    const at = line.search(/\bsetInterval\(/);
    return at >= 0 && isLong(lines.slice(index).join('\n').slice(at));
  });
  return index === -1 ? undefined : { line: index + 1, kind: 'timer' };
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
