import type { ServerLine } from '../driver.js';

/** How the server begins each line of its log: the line's number in its session, the SQLSTATE, the kind of process. */
export const LOG_LINE_PREFIX = '%l %e %b> ';

const LINE = /^(\d+) ([0-9A-Z]{5}) ([a-z ]+)> ([A-Z]+\d?): {2}(.*)$/;

/** About each connection: Heroku's logs do not have it. */
const CONNECTION = /^connection (?:received|authenticated|authorized)/;

const NO_TLS = /^connection authorized: (?!.* SSL enabled)user=u/;

const TAKEN =
  /could not bind IPv4 address .*: Address already in use|^lock file ".*\.s\.PGSQL\.\d+\.lock" already/;

/** The data cannot be used any more. */
const DAMAGE =
  /^(?:could not (?:open|read|find) .*(?:pg_control|PG_VERSION|postgresql\.conf|pg_hba\.conf|global\/)|could not locate a valid checkpoint record|data directory .* (?:does not exist|has)|".*" is not a valid data directory|database files are incompatible|incorrect checksum in control file|database system identifier differs)/;

/** One of its processes has crashed, so that it ends: `server process (PID 1234) was terminated by signal 9: Killed` */
const CRASH = / \(PID \d+\) was terminated by signal /;

export interface LineContext {
  /** The add-on's name. */
  readonly name: string;
  /** The folder of its data. */
  readonly folder: string;
  /** Whether connections without TLS are refused anyway. */
  readonly isStrict: boolean;
}

/**
 * Reads the log of one run of a server. Lines become those of Heroku's:
 * `[7-1]  sql_error_code = 00000 LOG:  duration: 4822.012 ms  statement: …`
 */
export function createLineReader({ name, folder, isStrict }: LineContext): (line: string) => ServerLine {
  let number = '1';
  let part = 1;
  let isShown = false;
  let isPortTaken = false;
  let hasPanicked = false;

  return (line) => {
    // It says several times that it cannot start, and why.
    if (isPortTaken) return {};
    const [, counted, state = '', process = '', severity = '', text = ''] = LINE.exec(line) ?? [];
    if (counted === undefined) {
      if (line.startsWith('postgres: could not find the database system'))
        return { remark: damaged(name, folder) };
      // The rest of a message of several lines.
      part++;
      return isShown && line.trim() !== '' ? { log: `[${number}-${part}] ${line}` } : {};
    }
    number = counted;
    part = 1;
    const isClients = process === 'client backend';
    // Heroku's logs do not have what the server says about itself.
    isShown = severity !== 'LOG' || (isClients && !CONNECTION.test(text));
    const log = isShown ? { log: `[${number}-1]  sql_error_code = ${state} ${severity}:  ${text}` } : {};
    hasPanicked ||= severity === 'PANIC';
    const isEnd = severity === 'PANIC' || (severity === 'FATAL' && !isClients);
    const failure = isEnd || (CRASH.test(text) && !hasPanicked) ? { failure: text } : {};
    if (TAKEN.test(text)) {
      isPortTaken = true;
      return { means: 'port taken' };
    }
    if (text.startsWith('database system is ready to accept connections')) return { means: 'ready' };
    if (text.includes('No space left on device'))
      return {
        ...log,
        ...failure,
        remark: `${name} cannot write: the disk of ${folder} is full. Free some space there.`,
      };
    if (DAMAGE.test(text)) return { ...log, ...failure, remark: damaged(name, folder) };
    if (!isStrict && NO_TLS.test(text)) return { remark: withoutTls(name) };
    return { ...log, ...failure };
  };
}

function damaged(name: string, folder: string): string {
  return `The data of ${name} in ${folder} is damaged. Restore the folder, or destroy the add-on.`;
}

function withoutTls(name: string): string {
  return `A client of ${name} does not use TLS. On Heroku, its connection is refused; with --strict, here, too.`;
}
