import { enumerate } from '../../base/wording.js';
import { type Answer, type AppQuestion, CannotTell, pass, warn } from '../question.js';
import { isOutput, type LogEntries } from './log.js';
import type { Remains } from './patient.js';

/** What is known of an app's output. */
export interface OutputReport {
  /** Everything that it has logged. */
  readonly logs: LogEntries;
  /** What web.1 has printed in its last run: while it answered requests, and when it was told to stop. */
  readonly lastRun: { readonly meanwhile: LogEntries; readonly atEnd: LogEntries };
  /** Config vars that must not be printed, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Whether the user's shell asks programs for colors, wherever they print. */
  readonly isColorForced: boolean;
}

export const logs: AppQuestion = {
  title: 'Prints its log at once, plain and without secrets',
  why: 'The log is all that one sees of a dyno: lines that come late are missing after a crash, and secrets in it are read by many.',
  link: 'https://devcenter.heroku.com/articles/writing-best-practices-for-application-logs',
  about: 'app',
  needs: ['boot'],
  async ask(trial) {
    const { shell, configVars } = trial.subject;
    const remains = await trial.end();
    return judgeLogs({
      logs: trial.logs,
      lastRun: lastRunIn(remains),
      secrets: secretsIn(configVars),
      isColorForced: FORCES_COLOR.some((name) => shell[name] !== undefined),
    });
  },
};

const FORCES_COLOR = ['FORCE_COLOR', 'CLICOLOR_FORCE', 'PY_COLORS'];

/** What web.1 has printed since its last start, before and after it was told to stop. */
export function lastRunIn({ logs, stop }: Remains): OutputReport['lastRun'] {
  const isStart = ({ dyno, source, line }: LogEntries[number]): boolean =>
    dyno === 'web.1' && source === 'heroku' && line.startsWith('Starting process');
  const start = logs.slice(0, stop).findLastIndex(isStart);
  const printed = (entries: LogEntries) =>
    entries.filter((entry) => entry.dyno === 'web.1' && isOutput(entry));
  return { meanwhile: printed(logs.slice(start, stop)), atEnd: printed(logs.slice(stop)) };
}

const SECRET_NAME = /KEY|SECRET|TOKEN|PASS|PWD|CREDENTIAL|PRIVATE|AUTH/i;
/** Shorter values stand in lines by chance. */
const SECRET_LENGTH = 8;

/** The config vars that look like secrets: by their names, or a URL with a password in it, of which that counts. */
export function secretsIn(
  vars: ReadonlyMap<string, { readonly value: string }>,
): ReadonlyMap<string, string> {
  const secrets = Array.from(vars, ([name, { value }]) => {
    const password = /^[a-z][\w+.-]*:\/\/[^/@\s]*:([^/@\s]+)@/i.exec(value)?.[1];
    return [name, password ?? (SECRET_NAME.test(name) ? value : '')] as const;
  });
  return new Map(secrets.filter(([, secret]) => secret.length >= SECRET_LENGTH));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const COLOR = /\x1b\[[\d;]*m/;

/** @throws CannotTell if nothing was printed */
export function judgeLogs(report: OutputReport): Answer {
  const output = report.logs.filter(isOutput);
  if (output.length === 0) throw new CannotTell('It prints nothing.');
  const found = [secretsPrinted(output, report), late(report), colored(output, report)].flatMap(
    (one) => one ?? [],
  );
  if (found.length === 0) return pass(`It has printed ${output.length} lines.`);
  return warn(found.map(({ seen }) => seen).join(' '), found.map(({ mend }) => mend).join(' '));
}

/** A fault of the output: two sentences. */
interface Fault {
  readonly seen: string;
  readonly mend: string;
}

function secretsPrinted(output: LogEntries, { secrets }: OutputReport): Fault | undefined {
  const printed = [...secrets].filter(([, secret]) => output.some(({ line }) => line.includes(secret)));
  if (printed.length === 0) return undefined;
  const names = enumerate(printed.map(([name]) => name));
  return {
    seen: `It prints the ${printed.length === 1 ? 'value' : 'values'} of ${names}.`,
    mend: 'Print the names of config vars at most.',
  };
}

function late({ lastRun }: OutputReport): Fault | undefined {
  if (!isBuffered(lastRun)) return undefined;
  return {
    seen: `It prints nothing while it answers requests, and ${lastRun.atEnd.length} lines when it ends.`,
    mend: 'Flush after each line: PYTHONUNBUFFERED=1 in Python, $stdout.sync = true in Ruby, setvbuf in C.',
  };
}

function colored(output: LogEntries, { isColorForced }: OutputReport): Fault | undefined {
  if (isColorForced || !output.some(({ line }) => COLOR.test(line))) return undefined;
  return {
    seen: 'It colors its lines, although they go to no terminal.',
    mend: 'Let the library find out whether it prints to a terminal, or set NO_COLOR=1.',
  };
}

/** As many lines are more than a farewell. */
const MANY_LINES = 5;

/** What servers print when they have started. A farewell may say that, too: that nothing listens any more. */
const GREETING = /\blisten(?:s|ing)\b|\b(?:started|running|ready) (?:on|at)\b/i;
const FAREWELL = /\b(?:stop|stopp|clos|shut|no longer|end|exit)/i;

/** Whether a program that prints has not done so before its end. */
function isBuffered({ meanwhile, atEnd }: OutputReport['lastRun']): boolean {
  if (meanwhile.length > 0) return false;
  return atEnd.length >= MANY_LINES || atEnd.some(({ line }) => GREETING.test(line) && !FAREWELL.test(line));
}
