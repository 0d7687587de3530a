/** Reads the app to export: of a folder, or of a host. Nothing needs to run. */

import { relative, resolve } from 'node:path';
import { appIdOf, checkAppName } from '../../apps/app-name.js';
import { systemClock } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { realFolder } from '../../base/folders.js';
import { namesIn } from '../../base/read.js';
import { buildpacksFor } from '../../config/languages.js';
import type { ExportedApp } from '../../export/app.js';
import { CONTAINER_PORT } from '../../export/image/dockerfile.js';
import { checkHost, checkImage } from '../../export/names.js';
import { DEFAULTS } from '../../host/defaults.js';
import { addonFolders } from '../../host/host-addons.js';
import { type ReadApp, readStored } from '../../host/store/read-stored.js';
import type { Formation } from '../../procfile/formation.js';
import type { Procfile } from '../../procfile/parse.js';
import type { Problem } from '../../procfile/problem.js';
import type { ExportFlags } from '../commands/export.js';
import { appFolder, findStarted, hasAppFiles, nameInHost } from '../connect.js';
import { findKept } from '../host/kept-state.js';
import { formationOf, startOptions } from '../start/options.js';
import { startFlags } from '../start/rc-file.js';
import { readAppFiles } from '../start/read-files.js';
import { readExportedAddons } from './addons.js';
import { readSource } from './source.js';

export interface AppToExport {
  readonly app: ExportedApp;
  /** The folder of its source, absolute. */
  readonly dir: string;
  /** The folder below which the exported files are by default. */
  readonly base: string;
  /** Problems of its files, as `start` prints them. */
  readonly problems: readonly Problem[];
  /** A sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Finds the app as all commands do. One of a folder, or of a host, need not run.
 * @throws UserError `AMBIGUOUS_APP`, `NO_FOLDER`, `NO_SUCH_REMOTE`, `NO_SUCH_APP`, `NOTHING_DEPLOYED`, `NO_IMAGE`,
 * `BAD_IMAGE_NAME`, `BAD_HOST_NAME`, and for files that cannot be read
 */
export async function readAppToExport(flags: ExportFlags): Promise<AppToExport> {
  const started = await findStarted(flags);
  if (started) return ofFolder(started.dir, flags);
  const { host, kept } = await findKept();
  const name = await nameInHost(flags, host);
  const stored = name === undefined ? undefined : readStored(kept, name);
  if (stored) return ofHost(stored, kept, flags);
  const dir = realFolder(appFolder(flags.dir));
  const { app, remote } = flags;
  if (remote === undefined && (app === undefined || hasAppFiles(dir))) return ofFolder(dir, flags);
  throw new UserError(
    'NO_SUCH_APP',
    `There is no app named ${name}: no app runs by that name, no host keeps one, and ${dir} has none`,
    "Name the app's folder with --dir.",
  );
}

/** The app that `start` would run in a folder. */
function ofFolder(dir: string, flags: ExportFlags): Promise<AppToExport> {
  const options = startOptions(
    { ...startFlags(dir), ...(flags.app !== undefined && { app: checkAppName(flags.app) }) },
    dir,
    false,
  );
  const { place, appName, timeouts, sleep, memoryQuota, hasDynoMetadata } = options;
  const { slug, env, problems } = readAppFiles(place, systemClock);
  const { processes } = slug;
  const settings = { timeouts, sleepAfterMs: sleep.afterMs, memoryQuota, hasDynoMetadata };
  return compose(flags, settings, {
    name: appName,
    dir,
    base: dir,
    processes,
    formation: formationOf(processes, [], options),
    config: Object.fromEntries(Array.from(env.saved, ([key, { value }]) => [key, value])),
    envFiles: place.envFiles.map((file) => relative(dir, resolve(dir, file))),
    addons: addonFolders(process.env, dir).folder,
    appId: appIdOf(dir),
    domains: [],
    buildpacks: [],
    problems,
  });
}

/** An app that a host keeps. Its source is the folder that the command is for, if that has an app; else the slug. */
function ofHost({ record, slug }: ReadApp, state: string, flags: ExportFlags): Promise<AppToExport> {
  if (!slug)
    throw new UserError(
      'NOTHING_DEPLOYED',
      `${record.name} has no code yet`,
      'Deploy it: git push heroku main',
    );
  const here = realFolder(appFolder(flags.dir));
  const isSource = buildpacksFor(here).length > 0 || namesIn(here).includes('Dockerfile');
  const settings = {
    timeouts: DEFAULTS.timeouts,
    sleepAfterMs: DEFAULTS.sleep.afterMs,
    memoryQuota: undefined,
    hasDynoMetadata: record.features.includes('runtime-dyno-metadata'),
  };
  return compose(flags, settings, {
    name: record.name,
    dir: isSource ? here : slug.dir,
    base: here,
    processes: slug.processes,
    formation: new Map(Object.entries(record.formation)),
    config: record.config,
    envFiles: [],
    addons: addonFolders(process.env, state).folder,
    appId: record.id,
    domains: record.domains.map(({ hostname }) => hostname),
    buildpacks: record.buildpacks.map(({ name }) => name),
    problems: [],
  });
}

interface Settings extends Pick<ExportedApp, 'timeouts' | 'sleepAfterMs' | 'hasDynoMetadata'> {
  readonly memoryQuota: number | undefined;
}

interface FoundApp {
  readonly name: string;
  readonly dir: string;
  readonly base: string;
  readonly processes: Procfile;
  readonly formation: Formation;
  readonly config: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
  /** The folder of the add-ons. */
  readonly addons: string;
  readonly appId: string;
  readonly domains: readonly string[];
  readonly buildpacks: readonly string[];
  /** Of its files, as `start` prints them. */
  readonly problems: readonly Problem[];
}

async function compose(
  flags: ExportFlags,
  { memoryQuota, ...settings }: Settings,
  found: FoundApp,
): Promise<AppToExport> {
  const { name, dir, base, processes, formation, config, domains, problems } = found;
  const configVars = new Map(Object.entries(config));
  const { addons, shared } = readExportedAddons(found.addons, found.appId);
  const commands = [...processes.values()].map(({ command }) => command);
  const isNamed = flags.image !== undefined;
  const { source, warnings } = await readSource({
    dir,
    configVars,
    commands,
    isNamed,
    buildpacks: found.buildpacks,
  });
  const release = processes.get('release')?.command;
  const [host = `${name}.localhost`, ...others] =
    flags.host === undefined ? domains : [checkHost(flags.host.toLowerCase())];
  const app: ExportedApp = {
    ...settings,
    name,
    processes: Array.from(formation, ([type, entry]) => ({
      type,
      command: processes.get(type)?.command ?? '',
      ...entry,
    })),
    ...(release !== undefined && { release }),
    configVars,
    envFiles: found.envFiles,
    addons,
    source,
    image: checkImage(flags.image ?? name),
    hosts: [host, ...others],
    port: flags.port ?? CONTAINER_PORT,
    ...(memoryQuota !== undefined && { memoryQuota }),
  };
  return { app, dir, base, problems, warnings: [...warnings, ...shared, ...warningsOfVars(configVars)] };
}

/** Values that lead to this machine, which in a container is the container itself. */
function warningsOfVars(vars: ReadonlyMap<string, string>): readonly string[] {
  const local = [...vars].filter(([, value]) =>
    /(?:\/\/|@|^)(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/.test(value),
  );
  return local.map(
    ([key]) => `${key} leads to this machine, which a container does not reach: change it in config.env.`,
  );
}
