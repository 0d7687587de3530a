import { systemClock } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { UserError } from '../base/errors.js';
import type { ApiDyno, ApiFormation, ApiRelease, AppClient } from '../control/app-client.js';
import { pause } from './pause.js';

const LOOK_EVERY_MS = 100;

/** How far a formation has come. */
interface Progress {
  /** The release that every dyno shall run. */
  readonly version: number;
  readonly up: number;
  readonly wanted: number;
  readonly crashed: string | undefined;
}

/** One-off dynos and those that run a release's command do not count, as with Heroku's CLI. */
function progressOf(
  formation: readonly ApiFormation[],
  dynos: readonly ApiDyno[],
  releases: readonly ApiRelease[],
): Progress {
  const version = releases.find(({ status }) => status !== 'failed')?.version ?? 1;
  const counted = dynos.filter(({ type }) => formation.some((entry) => entry.type === type));
  return {
    version,
    up: counted.filter(({ state, release }) => state === 'up' && release.version >= version).length,
    wanted: formation.reduce((sum, { quantity }) => sum + quantity, 0),
    crashed: counted.find(({ state }) => state === 'crashed')?.name,
  };
}

/**
 * Resolves when every dyno of the formation is up. Says what it waits for, if it has to.
 * @throws UserError `DYNO_CRASHED`, `WAIT_TIMED_OUT`
 */
export async function waitUntilUp(app: AppClient, timeoutMs: number): Promise<void> {
  const deadline = systemClock.now() + timeoutMs;
  const isDone = ({ up, wanted, crashed }: Progress): boolean => crashed !== undefined || up >= wanted;
  let progress = await look(app);
  if (!isDone(progress)) {
    const say = createTeller(progress);
    while (!isDone(progress) && systemClock.now() < deadline) {
      say(progress);
      await pause(Math.min(LOOK_EVERY_MS, deadline - systemClock.now()));
      progress = await look(app);
    }
    say(progress, isDone(progress) && progress.crashed === undefined ? ', done\n' : '\n');
  }
  complain(progress, timeoutMs);
}

async function look(app: AppClient): Promise<Progress> {
  const [formation, dynos, releases] = await Promise.all([app.formation(), app.dynos(), app.releases(10)]);
  return progressOf(formation, dynos, releases);
}

/** Writes over its own line at a terminal; else only the last state of it. */
function createTeller({ version }: Progress): (progress: Progress, end?: string) => void {
  const { stderr } = process;
  return ({ up, wanted }, end = '') => {
    const line = `Waiting for every dyno to be running v${version}... ${up} / ${wanted}${end}`;
    if (stderr.isTTY) stderr.write(`\r${line}`);
    else if (end !== '') stderr.write(line);
  };
}

function complain({ crashed, up, wanted }: Progress, timeoutMs: number): void {
  if (crashed !== undefined) {
    throw new UserError('DYNO_CRASHED', `${crashed} crashed`, `See why: dynosim logs --dyno ${crashed}`);
  }
  if (up >= wanted) return;
  const message = `${up} of ${wanted} dynos were up after ${formatDuration(timeoutMs)}`;
  throw new UserError('WAIT_TIMED_OUT', message, 'See which are not: dynosim ps');
}
