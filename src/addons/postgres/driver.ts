import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../base/atomic-file.js';
import { UserError } from '../../base/errors.js';
import type { ProcessSpec } from '../../base/process.js';
import { unusable } from '../../base/record-file.js';
import { openAuthority } from '../../tls/authority.js';
import type { ServerDriver, ServerLine, ServerPlace, Settings } from '../driver.js';
import type { AddonRecord } from '../records.js';
import type { AddonsWorld } from '../world.js';
import { inventAccount } from './account.js';
import { undoPutBack } from './archives.js';
import { type Binaries, type BinariesWorld, binariesFor, chooseBinaries, thisMachine } from './binaries.js';
import { clusterIn, configure, initialize, serverEnv } from './cluster.js';
import { identity } from './identity.js';
import { createLineReader } from './lines.js';
import { endOldServer } from './old-server.js';
import { wantedMajor } from './options.js';
import { prepareDatabase } from './prepare.js';
import { settingsOf, toSettings, urlOf } from './settings.js';
import { removeSharedMemory } from './shared-memory.js';
import { userSockets } from './sockets.js';

/** Runs a real PostgreSQL for each add-on. https://devcenter.heroku.com/articles/heroku-postgresql */
export class PostgresDriver implements ServerDriver {
  readonly process = 'postgres.1';
  readonly tag = 'attachment';
  readonly #world: AddonsWorld;

  constructor(world: AddonsWorld) {
    this.#world = world;
  }

  async plan(options: Settings, remark: (line: string) => void): Promise<Settings> {
    await identity(this.#world.shell);
    const onFetch = (what: string): void => remark(`npm fetches ${what}, which takes a moment`);
    const world = { ...this.#binariesWorld(), onFetch };
    const { major, provider } = await chooseBinaries(wantedMajor(options), world);
    return toSettings({ ...inventAccount(), major, provider });
  }

  async create({ addon, folder }: Omit<ServerPlace, 'port'>): Promise<void> {
    makeFolder(folder);
    const { shell, containment } = this.#world;
    const [binaries, as] = await Promise.all([this.#binaries(addon), identity(shell)]);
    await initialize(clusterIn(folder), { name: addon.name, binaries, as, containment });
  }

  async spec({ addon, folder, port }: ServerPlace): Promise<ProcessSpec> {
    const { shell, time, authorityFolder, isStrict } = this.#world;
    const cluster = clusterIn(folder);
    await undoPutBack(folder);
    if (!existsSync(join(cluster, 'PG_VERSION')))
      throw new UserError(
        'DATA_GONE',
        `the data of ${addon.name} in ${folder} is damaged or gone`,
        'Restore the folder, or destroy the add-on.',
      );
    const [{ bin, major }, as] = await Promise.all([this.#binaries(addon), identity(shell)]);
    await endOldServer(cluster, time.real);
    const authority = openAuthority(authorityFolder, time.wall());
    const leaf = authority.leaf(time.wall());
    const settings = { port, major, isStrict, sockets: this.#sockets(), leaf };
    try {
      configure(cluster, { ...settings, authority: authority.certificate.toString() });
    } catch (error) {
      throw unusable(cluster, error);
    }
    const [first = '', ...rest] = [...as, join(bin, 'postgres'), '-D', cluster];
    return { command: [first, ...rest], cwd: folder, env: serverEnv() };
  }

  reader(place: () => ServerPlace): (line: string) => ServerLine {
    const { addon, folder } = place();
    return createLineReader({ name: addon.name, folder, isStrict: this.#world.isStrict });
  }

  async prepare({ addon, port }: ServerPlace): Promise<void> {
    await prepareDatabase({ addon, port, sockets: this.#sockets(), clock: this.#world.time.real });
  }

  remarkOn(addon: AddonRecord): string | undefined {
    const { provider, major } = settingsOf(addon);
    if (provider !== 'machine') return undefined;
    return `${addon.name} runs with this machine's own PostgreSQL ${major}: npm could not fetch its programs`;
  }

  async cleanUp({ folder }: Omit<ServerPlace, 'port'>): Promise<void> {
    await removeSharedMemory(clusterIn(folder));
  }

  vars({ addon, port }: ServerPlace): Settings {
    return { URL: urlOf(settingsOf(addon), port) };
  }

  #binaries(addon: AddonRecord): Promise<Binaries> {
    return binariesFor(settingsOf(addon), this.#binariesWorld());
  }

  #binariesWorld(): BinariesWorld {
    const { shell, cacheFolder, time } = this.#world;
    return thisMachine(shell, cacheFolder, time.wall());
  }

  #sockets(): string {
    return userSockets(this.#world.shell);
  }
}
