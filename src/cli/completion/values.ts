import { resolve } from 'node:path';
import type { AppControl } from '../../api/control.js';
import { DYNO_SIZE_NAMES } from '../../base/sizes.js';
import { type AppFlags, connect } from '../connect.js';

/** Where the values of an argument or a flag come from. */
export type ValueSource =
  | { readonly kind: 'fixed'; readonly values: readonly string[] }
  | { readonly kind: 'app'; readonly read: (app: AppControl) => Promise<readonly string[]> }
  | { readonly kind: 'procfile' }
  | { readonly kind: 'remotes' }
  | { readonly kind: 'questions' }
  | { readonly kind: 'apps' };

const types = appSource(async (app) => (await app.formation()).map(({ type }) => type));
const dynos = appSource(async (app) => (await app.dynos()).map(({ name }) => name));
const vars = appSource(async (app) => Object.keys(await app.configVars()));
const releases = appSource(async (app) =>
  (await app.releases()).slice(-15).map(({ version }) => `v${version}`),
);
const builds = appSource(async (app) => (await app.builds()).slice(-15).map(({ id }) => id));
const domains = appSource(async (app) =>
  (await app.domains()).filter(({ kind }) => kind === 'custom').map(({ hostname }) => hostname),
);
const buildpacks = appSource(async (app) => (await app.buildpacks()).map(({ name }) => name));
const sizeNames = DYNO_SIZE_NAMES.map((name) => name.toLowerCase());
const sizes: ValueSource = { kind: 'fixed', values: sizeNames };
const features = appSource(async (app) => (await app.features()).map(({ name }) => name));
const router: ValueSource = { kind: 'fixed', values: ['router'] };
/** The process types of an app that need not run. */
const procfile: ValueSource = { kind: 'procfile' };

/** Candidates for the arguments of a command, by the command's name. */
export const POSITIONALS: Readonly<Record<string, readonly ValueSource[]>> = {
  start: [procfile],
  ps: [types],
  'ps:scale': [ending(types, '=')],
  'ps:restart': [types, dynos],
  'ps:stop': [types, dynos],
  'ps:attach': [dynos],
  'ps:exec': [dynos],
  'ps:type': [sizes, appSource(sizedTypes)],
  'config:get': [vars],
  'config:set': [ending(vars, '=')],
  'config:unset': [vars],
  'releases:info': [releases],
  'builds:info': [builds],
  'builds:output': [builds],
  'builds:cancel': [builds],
  'buildpacks:remove': [buildpacks],
  'domains:remove': [domains],
  'domains:wait': [domains],
  'features:enable': [features],
  'features:disable': [features],
  rollback: [releases],
};

/** Candidates for the value of a flag, by the flag's name. All other flags complete to files. */
export const FLAG_VALUES: Readonly<Record<string, readonly ValueSource[]>> = {
  app: [{ kind: 'apps' }],
  confirm: [{ kind: 'apps' }],
  remote: [{ kind: 'remotes' }],
  'dyno-name': [dynos, router],
  dyno: [dynos, router],
  'process-type': [types],
  size: [sizes],
  only: [{ kind: 'questions' }],
  skip: [{ kind: 'questions' }],
};

/** All values of some sources. */
export async function valuesOf(sources: readonly ValueSource[], flags: AppFlags): Promise<readonly string[]> {
  const needsApp = sources.some(({ kind }) => kind === 'app');
  const connection = needsApp ? await connect(flags).catch(() => undefined) : undefined;
  const found = await Promise.all(
    sources.map((source) => {
      if (source.kind === 'fixed') return source.values;
      if (source.kind === 'apps') return runningApps();
      if (source.kind === 'remotes') return gitRemotes(flags);
      if (source.kind === 'questions') return questionsOfDoctor();
      if (source.kind === 'procfile') return typesOfFile(flags);
      return connection ? source.read(connection.app) : [];
    }),
  );
  return found.flat();
}

/** `web=`, and `web=` with each size. */
async function sizedTypes(app: AppControl): Promise<readonly string[]> {
  const formation = await app.formation();
  return formation.flatMap(({ type }) => ['', ...sizeNames].map((size) => `${type}=${size}`));
}

async function typesOfFile({ dir }: AppFlags): Promise<readonly string[]> {
  const { resolveProcfile } = await import('../../config/resolve-procfile.js');
  return [...resolveProcfile(resolve(dir), 'Procfile').processes.keys()];
}

async function questionsOfDoctor(): Promise<readonly string[]> {
  const { QUESTIONS } = await import('../../doctor/questions.js');
  return Object.keys(QUESTIONS);
}

async function gitRemotes({ dir }: AppFlags): Promise<readonly string[]> {
  const { remotesIn } = await import('../host/git-remote.js');
  return [...(await remotesIn(resolve(dir))).keys()];
}

async function runningApps(): Promise<readonly string[]> {
  const { listApps } = await import('../host/list-apps.js');
  return (await listApps()).map(({ name }) => name);
}

function appSource(read: (app: AppControl) => Promise<readonly string[]>): ValueSource & { kind: 'app' } {
  return { kind: 'app', read };
}

function ending({ read }: ValueSource & { kind: 'app' }, end: string): ValueSource {
  return appSource(async (app) => (await read(app)).map((value) => value + end));
}
