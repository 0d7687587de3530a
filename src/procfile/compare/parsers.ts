/**
 * How the other parsers read a line: one row each, so that a message is the outcome of a comparison and a new
 * parser is a new row.
 */

import { firstNonBlank, IGNORED, type Reading, type SourceLine, trimBlanks } from '../lines.js';

/** A parser that a Procfile may meet outside dynosim. */
export interface Parser {
  /** Its name inside a sentence. */
  readonly who: string;
  /** Reads one line that ends in LF, CR LF or the end of the file. */
  readonly read: (line: SourceLine) => Reading;
  /** Which of several lines with one name runs: the last, or each as a process of its own. */
  readonly repeated: 'last' | 'all';
  /** Its behaviour at a lone CR, as a phrase that follows its name; left out if a lone CR ends a line. */
  readonly loneCr?: string;
}

const BOM = '\uFEFF';

/** The parsers, in the order in which messages name them. */
export const PARSERS: readonly Parser[] = [
  {
    who: "Heroku's classic parser",
    read: readClassic,
    repeated: 'last',
  },
  {
    who: 'the buildpack parser',
    read: readBuildpack,
    repeated: 'last',
    loneCr: 'fails the build',
  },
  {
    who: '`heroku local`',
    read: readHerokuLocal,
    repeated: 'last',
    loneCr: 'drops what comes after it',
  },
  {
    who: 'foreman',
    read: readForeman,
    repeated: 'all',
    loneCr: 'takes the next line for a part of this command',
  },
];

/**
 * The slug compiler of `git push`: the colon is optional, the blank after it is not. The expression is the one
 * quoted in https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md
 */
const CLASSIC = /^[ \t\v\f]*([A-Za-z0-9_-]+):?[ \t\v\f]+(.*)$/s;

function readClassic(line: SourceLine): Reading {
  const match = CLASSIC.exec(raw(line));
  return match?.[1] ? run(match[1], match[2]) : IGNORED;
}

/** A name that the buildpack parser accepts, after its own corrections. */
const BUILDPACK_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md */
export const BUILDPACK_NAME_LENGTH = 63;
const BUILD_FAILS: Reading = { does: 'refuse', how: 'fail the build' };

/**
 * The Procfile buildpack of Fir and `pack`, version 4. A last line of blanks without a line end fails too: its
 * grammar wants the line end. https://github.com/heroku/buildpacks-procfile/blob/main/src/procfile.rs
 */
function readBuildpack(line: SourceLine): Reading {
  const text = raw(line);
  const first = firstNonBlank(text);
  if (text[first] === '#') return IGNORED;
  if (first === text.length) return line.end === '' ? BUILD_FAILS : IGNORED;
  const colon = text.indexOf(':');
  const name = buildpackName(text.slice(first, Math.max(first, colon)));
  const command = text.slice(colon + 1);
  if (!BUILDPACK_NAME.test(name) || name.length > BUILDPACK_NAME_LENGTH) return BUILD_FAILS;
  return firstNonBlank(command) === command.length ? BUILD_FAILS : run(name, command);
}

/** The name that the buildpack parser makes of a type's name, with a warning. */
function buildpackName(type: string): string {
  return type.replaceAll('_', '-').toLowerCase();
}

/**
 * `heroku local` reads the file twice, with different parsers: one to list the types, one to run them.
 * heroku/cli v11.9.0: `src/lib/local/load-foreman-procfile.ts`, `src/lib/local/foreman/procfile.cjs`
 */
function readHerokuLocal(line: SourceLine): Reading {
  const listed = listInHerokuLocal(raw(line));
  if (listed === 'refuse') return { does: 'refuse', how: 'refuse the whole file' };
  // Its second parser cuts at LF alone, so the CR of a CR LF is there to be read.
  const reading = runInHerokuLocal(raw(line) + (line.end === '\r\n' ? '\r' : ''));
  return reading.does === 'run' && listed === 'ignore' ? IGNORED : reading;
}

function listInHerokuLocal(text: string): 'list' | 'ignore' | 'refuse' {
  if (/^\s*#/.test(text) || !/\w/.test(text)) return 'ignore';
  return /^\s*\w+:/.test(text) ? 'list' : 'refuse';
}

function runInHerokuLocal(text: string): Reading {
  if (text === '' || text.startsWith('#')) return IGNORED;
  const match = /^([A-Za-z0-9_-]+):\s*(.+)$/m.exec(text);
  const command = match?.[2]?.trim();
  if (!match?.[1] || !command) {
    return { does: 'refuse', how: 'run `npm start` instead of the whole file' };
  }
  return run(match[1], command);
}

/** https://github.com/ddollar/foreman/blob/main/lib/foreman/procfile.rb */
const FOREMAN = /^([A-Za-z0-9_-]+):[ \t\v\f]*(.+)$/s;

function readForeman(line: SourceLine): Reading {
  const match = FOREMAN.exec(raw(line));
  return match?.[1] ? run(match[1], match[2]) : IGNORED;
}

/** Blanks around a command mean nothing to the shell that runs it, so nobody differs by them. */
function run(type: string, command = ''): Reading {
  return { does: 'run', type, command: trimBlanks(command) };
}

/** None of the other parsers skips a byte order mark. */
function raw({ hasBom, text }: SourceLine): string {
  return hasBom ? BOM + text : text;
}
