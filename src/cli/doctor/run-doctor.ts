import type { Command } from 'commander';
import { systemTime } from '../../base/clock.js';
import { Closers } from '../../base/closers.js';
import { UserError } from '../../base/errors.js';
import { realFolder } from '../../base/folders.js';
import { nearest, quote } from '../../base/wording.js';
import { checkFolder } from '../../config/check/check-folder.js';
import { readEnvFiles } from '../../config/env-file.js';
import type { Config } from '../../config/layers.js';
import type { Trial } from '../../doctor/app/trial.js';
import { examine } from '../../doctor/examine.js';
import type { Diagnosis } from '../../doctor/question.js';
import { QUESTIONS } from '../../doctor/questions.js';
import type { Subject } from '../../doctor/subject.js';
import { readStored } from '../../host/store/read-stored.js';
import { annotate } from '../annotate.js';
import type { DoctorFlags } from '../commands/doctor.js';
import { existingFolder } from '../connect.js';
import { doctorSuite, formatAnnotations, formatCheck, formatFindings, toJson } from '../format/doctor.js';
import { toJunit } from '../format/junit.js';
import { appOfRemote } from '../host/git-remote.js';
import { findKept } from '../host/kept-state.js';
import { layout, print, printJson, printLines } from '../output.js';
import { formationOf, type StartOptions, startOptions } from '../start/options.js';
import { givenFlags, startFlags } from '../start/rc-file.js';
import { writeReport } from '../write-report.js';
import { openTrial } from './open-trial.js';
import { showProgress } from './progress.js';
import { listenForStop } from './stop.js';

/** Examines an app and prints the verdicts. Returns the exit status: 1 if a check fails. */
export async function runDoctor(command: Command): Promise<number> {
  const flags = command.opts<DoctorFlags>();
  const dir = realFolder(existingFolder(flags.dir));
  const isWanted = wantedBy(flags);
  const options = startOptions({ ...startFlags(dir), ...givenFlags(command) }, dir, false);
  const subject = await subjectOf(options);
  const closers = new Closers();
  const stop = listenForStop(closers);
  const trial = await openTrial(subject, options, flags, stop.signal);
  closers.add(() => trial.close());
  try {
    const diagnosis = await Promise.race([stop.status, diagnose(subject, trial, isWanted, flags)]);
    if (typeof diagnosis === 'number') return diagnosis;
    report(diagnosis, dir, flags);
    return diagnosis.verdict === 'fail' ? 1 : 0;
  } finally {
    await closers.close();
  }
}

async function diagnose(
  subject: Subject,
  trial: Trial,
  isWanted: (id: string) => boolean,
  { json }: DoctorFlags,
): Promise<Diagnosis> {
  const progress = showProgress(process.stderr);
  try {
    return await examine({
      subject,
      trial,
      questions: QUESTIONS,
      isWanted,
      clock: systemTime(1).real,
      onAsk: (id) => progress.show(id),
      onCheck(check) {
        progress.clear();
        if (!json) print(formatCheck(check, layout()));
      },
    });
  } finally {
    progress.clear();
  }
}

/** Reads the app's files. */
async function subjectOf(options: StartOptions): Promise<Subject> {
  const { appName, place, isCleanEnv } = options;
  const { dir, procfile, envFiles } = place;
  const shell = isCleanEnv ? {} : process.env;
  const report = await checkFolder({ dir, procfile, envFiles, isPortGiven: true, shell }, process.env);
  const processes = new Map(report.processes.map((line) => [line.type, line]));
  const formation = processes.size === 0 ? new Map() : formationOf(processes, [], options);
  const configVars = varsOf(dir, envFiles);
  const buildpacks = await buildpacksOf(dir);
  return {
    name: appName,
    dir,
    procfile,
    envFiles,
    report,
    formation,
    configVars,
    buildpacks,
    shell: process.env,
  };
}

/** Those of the app to which the folder's git remote leads. */
async function buildpacksOf(dir: string): Promise<readonly string[]> {
  const { host, kept } = await findKept();
  const name = await appOfRemote(dir, host);
  const stored = name === undefined ? undefined : readStored(kept, name);
  return stored?.record.buildpacks.map((buildpack) => buildpack.name) ?? [];
}

/** `start` would refuse files that cannot be read; the questions about files do without them. */
function varsOf(dir: string, envFiles: readonly string[]): Config {
  try {
    return readEnvFiles(dir, envFiles).vars;
  } catch (error) {
    if (error instanceof UserError) return new Map();
    throw error;
  }
}

function report(diagnosis: Diagnosis, dir: string, { json, junit }: DoctorFlags): void {
  if (junit !== undefined) writeReport(junit, toJunit(doctorSuite(diagnosis)));
  if (json) printJson(toJson(diagnosis));
  else printLines(formatFindings(diagnosis, layout()));
  annotate(json, (root) => formatAnnotations(diagnosis, dir, root));
}

/** @throws UserError `NO_SUCH_QUESTION`, `NO_QUESTION` */
function wantedBy({ only, skip = [], quick }: DoctorFlags): (id: string) => boolean {
  const questions = Object.entries(QUESTIONS);
  const ids = questions.map(([id]) => id);
  const unknown = [...(only ?? []), ...skip].find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    const meant = nearest(unknown, ids);
    const hint = meant ? `Did you mean ${meant}?` : `There are: ${ids.join(', ')}`;
    throw new UserError('NO_SUCH_QUESTION', `doctor has no question ${quote(unknown)}`, hint);
  }
  const isChosen = (id: string): boolean => (only?.includes(id) ?? true) && !skip.includes(id);
  const wanted = questions.filter(([id, { about }]) => isChosen(id) && (!quick || about === 'files'));
  if (wanted.length > 0) return (id) => wanted.some(([one]) => one === id);
  throw new UserError(
    'NO_QUESTION',
    'These flags leave no question to ask',
    quick ? 'Files do not answer what is left: leave out --quick.' : 'Skip fewer of them.',
  );
}
