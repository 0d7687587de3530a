/**
 * How the other parsers read a line. Each is one row: messages result from comparing rows.
 */

import { firstNonBlank, IGNORED, isSilent, type Reading, type SourceLine, trimBlanks } from '../lines.js';
import { yamlValue } from './yaml-value.js';

/** A parser of Procfiles other than dynosim's. */
export interface Parser {
  /** For use inside a sentence. */
  readonly name: string;
  /** Reads a line that ends in LF, CR LF or the end of the file. */
  readonly read: (line: SourceLine) => Reading;
  /** Which of several lines with the same name runs: the last one, or each as a separate process. */
  readonly repeated: 'last' | 'all';
  /** How it treats a lone CR, as a phrase after its name; undefined if a lone CR ends a line. */
  readonly loneCr?: string;
  /** How it treats the lines of a YAML block (`web: |`), if not each by itself: a phrase in the plural. */
  readonly block?: string;
}

const BOM = '\uFEFF';

/** In the order in which messages name them. */
export const PARSERS: readonly Parser[] = [
  {
    name: "Heroku's classic parser",
    read: readClassic,
    repeated: 'last',
  },
  {
    name: 'the buildpack parser',
    read: readBuildpack,
    repeated: 'last',
    loneCr: 'fails the build',
  },
  {
    name: '`heroku local`',
    read: readHerokuLocal,
    repeated: 'last',
    loneCr: 'drops what comes after it',
  },
  {
    name: 'foreman',
    read: readForeman,
    repeated: 'all',
    loneCr: 'takes the next line for a part of this command',
  },
  {
    name: 'Railpack',
    read: readRailpack,
    repeated: 'last',
    block: 'run these lines as the command',
  },
];

/**
 * The slug compiler of `git push`: the colon is optional, the space after it is not. The expression is quoted in
 * https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md
 */
const CLASSIC = /^[ \t\v\f]*([A-Za-z0-9_-]+):?[ \t\v\f]+(.*)$/s;

function readClassic(line: SourceLine): Reading {
  const match = CLASSIC.exec(raw(line));
  return match?.[1] ? run(match[1], match[2]) : IGNORED;
}

/** The names that the buildpack parser accepts, after its own corrections. */
const BUILDPACK_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md */
export const BUILDPACK_NAME_LENGTH = 63;
const BUILD_FAILS: Reading = { does: 'refuse', how: 'fail the build' };

/**
 * The Procfile buildpack of Fir and `pack`, version 4. White space after the last line end fails too: the grammar
 * requires a line end. https://github.com/heroku/buildpacks-procfile/blob/main/src/procfile.rs
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

/** How the buildpack parser corrects a type's name, with a warning. */
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
  // Its second parser splits only at LF, so it reads the CR of a CR LF.
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

/**
 * Railpack, with which Railway builds, reads the file as a YAML map of texts, and runs one of them. This follows YAML line
 * by line: a line that is indented counts as a mistake, although a file may be, if all of it is.
 * https://github.com/railwayapp/railpack/blob/main/core/providers/procfile/procfile.go
 */
function readRailpack({ number, text, end }: SourceLine): Reading {
  if (text.startsWith('\t')) return BUILD_FAILS;
  if (isSilent(text) || text === '---') return IGNORED;
  const isIndented = text.startsWith(' ');
  const colon = text.search(/:(?=[ \t]|$)/);
  if (colon === -1) return isIndented && number > 1 ? { does: 'join' } : BUILD_FAILS;
  if (isIndented && (number > 1 || end !== '')) return BUILD_FAILS;
  const key = text.slice(0, colon);
  const type = /^[\w:-]*\w:*$/.test(key) ? key : /[ \t]#/.test(key) ? undefined : yamlValue(key).text;
  const command = yamlValue(text.slice(colon + 1)).text;
  if (!type || type === '<<' || command === undefined) return BUILD_FAILS;
  return command === '' ? IGNORED : run(type, command);
}

/** Spaces around a command make no difference to the shell that runs it. */
function run(type: string, command = ''): Reading {
  return { does: 'run', type, command: trimBlanks(command) };
}

/** The line with a byte order mark, which no other parser skips. */
function raw({ hasBom, text }: SourceLine): string {
  return hasBom ? BOM + text : text;
}
