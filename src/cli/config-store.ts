import { addonsFolder } from '../addons/folder.js';
import { attachedNames } from '../addons/store.js';
import type { AppControl } from '../api/control.js';
import type { ConfigVars } from '../apps/views.js';
import { systemClock } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { enumerate } from '../base/wording.js';
import { DEFAULT_ENV_FILE } from '../config/env-file.js';
import { EnvLayer } from '../config/env-layer.js';
import { dataFolder } from '../tls/data-folder.js';
import { type AppFlags, appFolder, connectUnlessHere, existingFolder } from './connect.js';
import { followRelease } from './follow-release.js';
import { appName } from './output.js';
import { readRcFile } from './start/rc-file.js';

export interface ConfigFlags extends AppFlags {
  readonly env?: readonly string[];
}

export type Vars = Readonly<Record<string, string>>;

/** Config vars, wherever they are. */
export interface ConfigAccess {
  /** `⬢ my-app`, or the env files. */
  readonly name: string;
  /** The effect of a change, to follow "Setting A": `and restarting ⬢ my-app`. */
  readonly consequence: string;
  /** The names of config vars that add-ons set only while the app runs. */
  readonly attached: readonly string[];
  read(): Promise<Vars>;
  change(changes: ReadonlyMap<string, string | null>): Promise<Changed>;
}

export interface Changed {
  readonly vars: Vars;
  /** To follow "done": `v10`. */
  readonly outcome: string;
  /** One line each. */
  readonly warnings: readonly string[];
  /**
   * Shows on stderr how the release command goes, to its end.
   * @throws UserError `RELEASE_FAILED`
   */
  follow(): Promise<void>;
}

/**
 * Opens the config vars of the running app; those of the env files if no app runs, or if files are named.
 * @throws UserError `NOT_RUNNING` if an app was named, `AMBIGUOUS_APP`
 */
export async function openConfig(flags: ConfigFlags): Promise<ConfigAccess> {
  if (flags.env !== undefined) return configOfFiles(flags);
  const connection = await connectUnlessHere(flags);
  return connection ? configOfApp(connection.app) : configOfFiles(flags);
}

function configOfApp(app: AppControl): ConfigAccess {
  return {
    name: appName(app),
    consequence: `and restarting ${appName(app)}`,
    attached: [],
    read: async () => valuesOf(await app.configVars()),
    async change(changes) {
      const change = await app.setConfig(Object.fromEntries(changes));
      const { outcome, release, warnings } = change;
      // Only an app without an env file has slugs.
      const place =
        release.slug === undefined ? 'the env file has the change' : 'the next one will have the change';
      return {
        vars: valuesOf(await app.configVars()),
        outcome: `${outcome === 'unchanged' ? 'still ' : ''}v${release.version}`,
        warnings,
        // The vars are for stdout.
        follow: () => followRelease(app, change, { show: process.stderr, consequence: `, but ${place}` }),
      };
    },
  };
}

function configOfFiles(flags: ConfigFlags): ConfigAccess {
  const dir = flags.env === undefined ? appFolder(flags.dir) : existingFolder(flags.dir);
  // The named env files, or those that `start` would read.
  const envFiles = flags.env ?? readRcFile(dir).env ?? [];
  const name = envFiles.length > 0 ? envFiles.join(', ') : DEFAULT_ENV_FILE;
  // Files that are named are not an app's.
  const attached =
    flags.env === undefined
      ? attachedNames(addonsFolder(dataFolder(process.env), dir))
      : new Map<string, string>();
  const open = (): EnvLayer => new EnvLayer({ dir, envFiles, clock: systemClock, shell: process.env });
  return {
    name,
    consequence: `in ${name}`,
    attached: [...attached.keys()],
    read: async () => valuesOf(Object.fromEntries(open().vars())),
    async change(changes) {
      requireOwn([...changes.keys()], attached);
      const layer = open();
      const warnings = await layer.write(changes);
      layer.read();
      const vars = valuesOf(Object.fromEntries(layer.vars()));
      return { vars, outcome: '', warnings, follow: async () => {} };
    },
  };
}

/** The values of config vars, without where they come from. */
export function valuesOf(vars: ConfigVars): Vars {
  return Object.fromEntries(Object.entries(vars).map(([key, { value }]) => [key, value]));
}

/** @throws UserError `CONFIG_VAR_ATTACHED` in Heroku's words */
function requireOwn(keys: readonly string[], attached: ReadonlyMap<string, string>): void {
  const taken = keys.filter((key) => attached.has(key));
  if (taken.length === 0) return;
  const names = [...new Set(taken.map((key) => attached.get(key) ?? ''))];
  throw new UserError(
    'CONFIG_VAR_ATTACHED',
    `Cannot overwrite attachment values ${taken.join(', ')}`,
    `They come from ${enumerate(names)}.`,
  );
}
