import type { Exit } from '../base/process.js';
import { quote } from '../base/wording.js';
import type { LiveRun } from './live-run.js';

/** Why a second run of an app cannot start, and the messages that show it. */
const CAUSES: readonly (readonly [cause: string, sign: RegExp])[] = [
  [
    'a fixed port',
    /EADDRINUSE|\b(?:address|connection)(?: is)?(?: already)? in use|\bport\b.{0,30}\b(?:in use|used|taken|allocated)\b|already running on port/i,
  ],
  ['a pid file', /\bpid ?file\b|\.pid\b|\balready running\b|\banother (?:instance|process|server)\b/i],
  [
    'a lock',
    /\b(?:acquire|obtain|get|take|hold)\b.{0,30}\block\b|\bunable to lock\b|\block ?file\b.{0,60}\b(?:exists|held|already)\b|\bis locked\b|\bEEXIST\b|\bfile exists\b|\bexisting file\b|resource temporarily unavailable|resource busy/i,
  ],
];

/** Node reports a taken inspector port, but continues. */
const HARMLESS = /inspector/i;

/** A shell's exit statuses for a program that is missing or cannot run. */
const NOT_A_PROGRAM = [126, 127];

/** How soon after the end of a run another one may still fail because of it: noticing both ends takes a while. */
const NEAR_MS = 5000;

/**
 * Detects runs that ended only because an earlier run of the same dyno was still alive. At a restart, both overlap. On
 * Heroku, each run has its own machine; here they share one, including ports, pid files and locks.
 */
export class Clashes {
  /** The newest run, and the runs that were alive when it started. */
  #latest: { readonly run: LiveRun; readonly elders: readonly LiveRun[] } | undefined;
  /** A command of which only one run can be alive. */
  #loner: string | undefined;

  /** @param elders the runs that are alive when it starts */
  onStart(run: LiveRun, elders: readonly LiveRun[]): void {
    this.#latest = { run, elders };
  }

  /** A run ended for another reason. */
  onCrash(): void {
    this.#loner = undefined;
  }

  /** Whether only one run of a command can be alive. */
  isLoner(command: string): boolean {
    return this.#loner === command;
  }

  /**
   * Explains for the log why a run has ended by itself, if the probable reason is an earlier run, and remembers that.
   * An earlier run that is not stopping is suspected only if the last words point to it, or if there are none: broken
   * code prints something. A run that listened already may still fail to take a second port, but says so.
   */
  explain(run: LiveRun, { status }: Exit): string | undefined {
    const elders = this.#latest?.run === run ? this.#latest.elders.filter((elder) => isNear(elder, run)) : [];
    const wasUp = run.plan.listens && run.bootMs !== undefined;
    if (elders.length === 0 || NOT_A_PROGRAM.includes(status)) return undefined;
    const words = run.lastWords.lines;
    const sign = findSign(words);
    if (wasUp && !sign) return undefined;
    const isSilent = words.length === 0 && status !== 0;
    if (!sign && !isSilent && !elders.some(({ state }) => state?.status === 'stopping')) return undefined;
    this.#loner = run.plan.command;
    return `the new run ended while the old one was still running. ${sign ?? NO_SIGN}. ${CONSEQUENCE}`;
  }
}

/** Whether an earlier run was alive until shortly before this one ended. */
function isNear(elder: LiveRun, { state }: LiveRun): boolean {
  const goneAt = elder.state?.status === 'gone' ? elder.state.since : Number.POSITIVE_INFINITY;
  return state !== undefined && state.since - goneAt < NEAR_MS;
}

const NO_SIGN = 'Perhaps only one can run at a time: a fixed port, a pid file or a lock';
const CONSEQUENCE =
  'This does not count as a crash, because on Heroku each run has its own machine. From now on, the old run ends before the new one starts';

function findSign(lines: readonly string[]): string | undefined {
  for (const line of lines.filter((one) => !HARMLESS.test(one))) {
    const cause = CAUSES.find(([, sign]) => sign.test(line))?.[0];
    if (cause !== undefined) return `Only one can run at a time because of ${cause}: ${quote(line, 100)}`;
  }
  return undefined;
}
