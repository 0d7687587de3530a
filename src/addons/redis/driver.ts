import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, replaceFile } from '../../base/atomic-file.js';
import { errorMessage, UserError } from '../../base/errors.js';
import type { ProcessSpec } from '../../base/process.js';
import { openAuthority } from '../../tls/authority.js';
import type { ServerDriver, ServerLine, ServerPlace, Settings } from '../driver.js';
import { limitsOf } from '../services.js';
import type { AddonsWorld } from '../world.js';
import { CERTIFICATE_FILE, CONFIG_FILE, configText, DATA_FOLDER, KEY_FILE } from './config-file.js';
import { withRedis } from './connection.js';
import { readRedisLine } from './log-line.js';
import { endOldServer } from './old-server.js';
import { findRedis, requireTls } from './program.js';
import { newSecrets } from './secrets.js';
import { type LiveSettings, liveSettings } from './settings.js';

/**
 * Runs Redis servers as Heroku configures them: TLS only, a password, the limits of the plan.
 * https://devcenter.heroku.com/articles/heroku-redis
 */
export class RedisDriver implements ServerDriver {
  readonly process = 'redis';
  readonly tag = 'addon';
  readonly #world: Pick<AddonsWorld, 'shell' | 'authorityFolder' | 'time'>;
  /** How each server is configured, by the ID of its add-on. */
  readonly #running = new Map<string, LiveSettings>();

  constructor(world: Pick<AddonsWorld, 'shell' | 'authorityFolder' | 'time'>) {
    this.#world = world;
  }

  /** @throws UserError `NO_REDIS`, `REDIS_WITHOUT_TLS`, `NO_SUCH_OPTION` */
  async plan(options: Settings): Promise<Settings> {
    const [option] = Object.keys(options);
    if (option !== undefined)
      throw new UserError(
        'NO_SUCH_OPTION',
        `heroku-redis has no option ${option}`,
        'It runs the Redis or Valkey of this machine.',
      );
    await requireTls(this.#find());
    return newSecrets();
  }

  async create({ folder }: Omit<ServerPlace, 'port'>): Promise<void> {
    keep(folder, () => makeFolder(join(folder, DATA_FOLDER)));
  }

  /** @throws UserError `NO_REDIS`, `DATA_UNUSABLE` */
  async spec({ addon, folder, port }: ServerPlace): Promise<ProcessSpec> {
    const program = this.#find();
    // Two servers must not write to one file.
    if (addon.port === port) await endOldServer(folder, port, addon.settings.password ?? '');
    const now = this.#world.time.wall();
    const authority = openAuthority(this.#world.authorityFolder, now);
    const { key, certificate } = authority.leaf(now);
    const live = liveSettings(addon);
    const { config: configCommand = 'CONFIG' } = addon.settings;
    const authorityFile = authority.certificateFile;
    keep(folder, () => {
      // What a client has saved is lost with the server, too.
      if (limitsOf(addon).isVolatile) rmSync(join(folder, DATA_FOLDER), { recursive: true, force: true });
      makeFolder(join(folder, DATA_FOLDER));
      replaceFile(join(folder, KEY_FILE), key);
      // With the authority's, so that clients which verify fail with the words that they get on Heroku.
      replaceFile(join(folder, CERTIFICATE_FILE), `${certificate}${authority.certificate}`);
      replaceFile(join(folder, CONFIG_FILE), configText({ port, authorityFile, configCommand, live }));
    });
    this.#running.set(addon.id, live);
    return { command: [program, CONFIG_FILE], cwd: folder, env: { PATH: this.#world.shell.PATH ?? '' } };
  }

  reader(place: () => ServerPlace): (line: string) => ServerLine {
    // Logs are not available on mini. https://devcenter.heroku.com/articles/redis-logs-errors
    return (line) => readRedisLine(line, place().addon.plan !== 'mini');
  }

  /** @throws UserError `REDIS_REFUSED` */
  async prepare({ addon, port }: ServerPlace): Promise<void> {
    const running = this.#running.get(addon.id);
    if (!running) return;
    const live = liveSettings(addon);
    const changes = Object.entries(live).filter(([name, value]) => running[name] !== value);
    if (changes.length === 0) return;
    const { config = 'CONFIG' } = addon.settings;
    await withRedis({ port, password: running.requirepass ?? '' }, async (send) => {
      for (const [name, value] of changes) await send(config, 'SET', name, value);
    });
    this.#running.set(addon.id, live);
  }

  vars({ addon, port }: ServerPlace): Settings {
    return { URL: `rediss://:${addon.settings.password}@127.0.0.1:${port}` };
  }

  #find(): string {
    return findRedis(this.#world.shell);
  }
}

/** @throws UserError `DATA_UNUSABLE` */
function keep(folder: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new UserError('DATA_UNUSABLE', `Redis cannot be set up in ${folder}: ${errorMessage(error)}`);
  }
}
