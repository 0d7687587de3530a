import { join } from 'node:path';
import { readImports } from '../../config/check/dependencies/imports.js';
import { neededPrograms, nodeEntries } from '../../config/check/dependencies/needed.js';
import { moduleFile, pythonTarget, readPythonImports } from '../../config/check/python-files.js';
import { scriptsOf } from '../../config/check/scripts-of.js';
import { textOf } from '../../config/folder.js';

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

/**
 * Finds a schedule, a timer or a server of websockets in the files that a command runs, as far as they can be followed.
 * @param dir the app's folder
 */
export function findActivity(dir: string, command: string): Activity | undefined {
  for (const file of filesOf(dir, command)) {
    const activity = activityIn(textOf(join(dir, file)), file.endsWith('.py'));
    if (activity) return { file, ...activity };
  }
  return undefined;
}

/** The files that a command names, and those that they import: `node web.js`, `gunicorn shop.wsgi:app`, `npm start`. */
function filesOf(dir: string, command: string): readonly string[] {
  const programs = neededPrograms([{ type: 'web', command }], scriptsOf(dir));
  const words = [...command.split(/\s+/), ...programs.flatMap(({ args }) => args)];
  const named = [...nodeEntries(programs).map(({ file }) => file), ...words].filter(
    (file) => !file.startsWith('..'),
  );
  const modules = words.flatMap((word) => moduleFile(dir, pythonTarget(word)?.module ?? '') ?? []);
  const python = [...named.filter((file) => file.endsWith('.py')), ...modules];
  return [
    ...readImports(
      dir,
      named.filter((file) => /\.[cm]?[jt]s$/.test(file)),
    ).files,
    ...readPythonImports(dir, python),
  ];
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
