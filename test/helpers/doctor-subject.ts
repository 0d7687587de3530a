import { checkApp } from '../../src/config/check/check-app.js';
import { readEnvFiles } from '../../src/config/env-file.js';
import type { Subject } from '../../src/doctor/subject.js';
import { formationFor } from './formation.js';

export interface SubjectFlags {
  readonly procfile?: string;
  readonly envFiles?: readonly string[];
  readonly formation?: string;
  readonly size?: string;
  readonly buildpacks?: Subject['buildpacks'];
  readonly shell?: Subject['shell'];
}

/** What doctor reads of an app, on a machine that has every program and version. */
export async function subjectIn(dir: string, flags: SubjectFlags = {}): Promise<Subject> {
  const { procfile = 'Procfile', envFiles = [], formation, size, buildpacks = [], shell = {} } = flags;
  const report = await checkApp({
    dir,
    procfile,
    envFiles,
    versionOf: async (program) => (program === 'node' ? 'v24.1.0' : '3.13.0'),
    bash: { syntaxError: () => undefined, isCommand: () => true },
  });
  const types = report.processes.map(({ type }) => type);
  return {
    name: 'app',
    dir,
    procfile,
    envFiles,
    report,
    formation: formationFor(types, formation, size),
    configVars: readEnvFiles(dir, envFiles).vars,
    buildpacks,
    shell,
  };
}
