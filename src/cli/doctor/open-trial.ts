import { tmpdir } from 'node:os';
import { systemTime } from '../../base/clock.js';
import { withoutKept } from '../../base/node-options.js';
import { loadPrograms } from '../../base/process.js';
import { cleanShell } from '../../config/dyno-env.js';
import { removeLeftCopies } from '../../doctor/app/copy.js';
import { Trial } from '../../doctor/app/trial.js';
import type { Subject } from '../../doctor/subject.js';
import type { DoctorFlags } from '../commands/doctor.js';
import type { StartOptions } from '../start/options.js';

/** Prepares to run the app. It is started when a question needs that. */
export async function openTrial(
  subject: Subject,
  { sleep, timeouts, memoryQuota, isCleanEnv, buildpackEnv, hasDynoMetadata }: StartOptions,
  { path, release }: Pick<DoctorFlags, 'path' | 'release'>,
  signal: AbortSignal,
): Promise<Trial> {
  const { real, wall } = systemTime();
  const tmp = tmpdir();
  await removeLeftCopies(tmp, wall());
  const runsRelease = release === true;
  const conditions = { path, sleepAfterMs: sleep.afterMs, timeouts, memoryQuota, runsRelease };
  const programs = await loadPrograms();
  const shell = withoutKept(process.env, false);
  const env = isCleanEnv ? cleanShell(shell) : shell;
  const settings = { name: subject.name, buildpackEnv, hasDynoMetadata };
  return new Trial(subject, conditions, { env, settings, tmp, clock: real, programs, signal });
}
