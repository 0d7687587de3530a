import { resolve } from 'node:path';
import { appNameOf } from '../../apps/app-name.js';
import { systemTime } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { nearest, quote } from '../../base/wording.js';
import { checkFolder } from '../../config/check/check-folder.js';
import { examine } from '../../doctor/examine.js';
import { QUESTIONS } from '../../doctor/questions.js';
import type { DoctorFlags } from '../commands/doctor.js';
import { formatCheck, formatRemedies } from '../format/doctor.js';
import { layout, print, printJson, printLines } from '../output.js';

/** Examines an app and prints the verdicts. Returns the exit status: 1 if a check fails. */
export async function runDoctor(flags: DoctorFlags): Promise<number> {
  const isWanted = wantedBy(flags);
  const dir = resolve(flags.dir);
  const { procfile, env } = flags;
  const report = await checkFolder({ dir, procfile, ...(env && { envFiles: env }) }, process.env);
  const diagnosis = await examine({
    subject: { name: appNameOf(dir), dir, procfile, report },
    questions: QUESTIONS,
    isWanted,
    clock: systemTime(1).real,
    ...(!flags.json && { onCheck: (check) => print(formatCheck(check, layout())) }),
  });
  if (flags.json) printJson(diagnosis);
  else printLines(formatRemedies(diagnosis, layout()));
  return diagnosis.verdict === 'fail' ? 1 : 0;
}

/** @throws UserError `NO_SUCH_QUESTION` */
function wantedBy({ only, skip = [], quick }: DoctorFlags): (id: string) => boolean {
  const ids = Object.keys(QUESTIONS);
  const unknown = [...(only ?? []), ...skip].find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    const meant = nearest(unknown, ids);
    const hint = meant ? `Did you mean ${meant}?` : `There are: ${ids.join(', ')}`;
    throw new UserError('NO_SUCH_QUESTION', `doctor has no question ${quote(unknown)}`, hint);
  }
  const isAbout = (id: string): boolean => !quick || questionOf(id)?.about === 'files';
  return (id) => (only?.includes(id) ?? true) && !skip.includes(id) && isAbout(id);
}

function questionOf(id: string) {
  return Object.entries(QUESTIONS).find(([name]) => name === id)?.[1];
}
