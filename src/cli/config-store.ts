import { resolve } from 'node:path';
import { readEnvFiles } from '../config/env-file.js';
import type { AppClient, ConfigVars } from '../control/app-client.js';
import type { AppFlags } from './connect.js';
import { connect, tryConnect } from './connect.js';
import { appName } from './output.js';

/** The flags of all `config` commands. */
export interface ConfigFlags extends AppFlags {
  readonly env?: string;
}

/** Config vars, wherever they are. */
export interface ConfigStore {
  /** `⬢ my-app`, or the env files. */
  readonly name: string;
  /** What a change does, after "Setting A": `and restarting ⬢ my-app`. */
  readonly consequence: string;
  read(): Promise<ConfigVars>;
  change(changes: ReadonlyMap<string, string | null>): Promise<Changed>;
}

export interface Changed {
  readonly vars: ConfigVars;
  /** What there is to say after "done": `v10`. */
  readonly outcome: string;
  /** One line each. */
  readonly warnings: readonly string[];
}

/**
 * Those of the running app; of the env files if none runs, or if files are named.
 * @throws UserError `NOT_RUNNING` if an app was named, `AMBIGUOUS_APP`
 */
export async function openConfig(flags: ConfigFlags): Promise<ConfigStore> {
  if (flags.env !== undefined) return configOfFiles(flags);
  const app = flags.app === undefined ? await tryConnect(flags) : await connect(flags);
  return app ? configOfApp(app) : configOfFiles(flags);
}

function configOfApp(app: AppClient): ConfigStore {
  return {
    name: appName(app),
    consequence: `and restarting ${appName(app)}`,
    read: () => app.configVars(),
    async change(changes) {
      const vars = await app.updateConfigVars(Object.fromEntries(changes));
      const [newest] = await app.releases(1);
      return { vars, outcome: `v${newest?.version}`, warnings: [] };
    },
  };
}

function configOfFiles({ dir, env }: ConfigFlags): ConfigStore {
  const folder = resolve(dir);
  const names = env?.split(',').map((name) => name.trim()) ?? [];
  const read = () => readEnvFiles(folder, names);
  const name = names.length > 0 ? names.join(', ') : '.env';
  return {
    name,
    consequence: `in ${name}`,
    read: async () => toVars(read()),
    async change(changes) {
      // TODO: writeEnvChanges
      throw new Error(`not yet ${changes.size}`);
    },
  };
}

function toVars({ vars }: ReturnType<typeof readEnvFiles>): ConfigVars {
  return Object.fromEntries(Array.from(vars, ([key, { value }]) => [key, value]));
}
