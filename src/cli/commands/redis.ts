import type { Command } from 'commander';
import type { RedisView } from '../../addons/control.js';
import { appCommand, appCommandWithJson, examples, type JsonFlags } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { action, heading, note, print, printJson, printLines, say } from '../output.js';

const WHICH = 'its name or attachment (default: the only one of the app)';

export function createRedisInfoCommand(): Command {
  const command = appCommandWithJson('redis:info', 'describe Redis add-ons', 'redis')
    .argument('[addon]', 'its name or attachment (default: all of the app)')
    .action(async (wanted: string | undefined, { json, ...flags }: JsonFlags) => {
      const { findRedisAddons } = await import('../addons/find-redis.js');
      const { redisInfoRows } = await import('../../addons/redis/info-rows.js');
      const { names, host } = await findRedisAddons(flags, wanted);
      const views = await Promise.all(names.map((name) => host.addons.redis.info(name)));
      if (json) return printJson(views);
      for (const view of views) {
        const rows = redisInfoRows(view);
        const width = Math.max(...rows.map(([name]) => name.length)) + 2;
        printLines([heading(nameWithVars(view)), '']);
        printLines(rows.map(([name, value]) => `${`${name}:`.padEnd(width)}${value}`));
        print();
      }
    });
  return examples(command, 'redis:info', 'redis:info REDIS_URL --json');
}

export function createRedisCredentialsCommand(): Command {
  const command = appCommand('redis:credentials', 'show the address of a Redis add-on, with its password')
    .argument('[addon]', WHICH)
    .option('--reset', 'give it another password; the app restarts with it')
    .action(async (wanted: string | undefined, { reset, ...flags }: AppFlags & { readonly reset?: true }) => {
      const { name, redis } = await find(flags, wanted);
      if (reset) await action(`Resetting credentials for ${name}`, () => redis.rotate(name));
      else print((await redis.info(name)).url);
    });
  return examples(command, 'redis:credentials', 'redis:credentials --reset');
}

export function createRedisMaxmemoryCommand(): Command {
  const command = appCommand('redis:maxmemory', 'choose what a Redis add-on evicts when its memory is full')
    .argument('[addon]', WHICH)
    .requiredOption('-p, --policy <policy>', 'noeviction, allkeys-lru, volatile-ttl …')
    .action(async (wanted: string | undefined, flags: AppFlags & { readonly policy: string }) => {
      const { name, redis } = await find(flags, wanted);
      const { EVICTION_POLICIES } = await import('../../addons/redis/settings.js');
      const view = await redis.configure({ addon: name, maxmemoryPolicy: flags.policy });
      const { maxmemoryPolicy } = view;
      say(`Maxmemory policy for ${nameWithVars(view)} set to ${maxmemoryPolicy}.`);
      say(`${maxmemoryPolicy} ${EVICTION_POLICIES[maxmemoryPolicy]}.`);
    });
  return examples(command, 'redis:maxmemory --policy allkeys-lru');
}

export function createRedisTimeoutCommand(): Command {
  const command = appCommand('redis:timeout', 'choose when a Redis add-on closes idle connections')
    .argument('[addon]', WHICH)
    .requiredOption('-s, --seconds <seconds>', '0: never')
    .action(async (wanted: string | undefined, flags: AppFlags & { readonly seconds: string }) => {
      const { checkSettings } = await import('../../addons/redis/settings.js');
      const { timeout = 0 } = checkSettings({ timeout: Number(flags.seconds) });
      const { name, redis } = await find(flags, wanted);
      const view = await redis.configure({ addon: name, timeout });
      say(`Timeout for ${nameWithVars(view)} set to ${view.timeout} seconds.`);
      say(
        view.timeout === 0
          ? 'Connections to the Redis instance can idle indefinitely.'
          : `Connections to the Redis instance will be stopped after idling for ${view.timeout} seconds.`,
      );
    });
  return examples(command, 'redis:timeout --seconds 60');
}

export function createRedisKeyspaceCommand(): Command {
  const command = appCommand('redis:keyspace-notifications', 'choose which events a Redis add-on publishes')
    .argument('[addon]', WHICH)
    .requiredOption('-c, --config <events>', 'as in notify-keyspace-events: AKE; empty: none')
    .action(async (wanted: string | undefined, flags: AppFlags & { readonly config: string }) => {
      const { name, redis } = await find(flags, wanted);
      const view = await redis.configure({ addon: name, keyspaceEvents: flags.config });
      say(`Keyspace notifications for ${nameWithVars(view)} set to '${view.keyspaceEvents}'.`);
    });
  return examples(command, 'redis:keyspace-notifications --config AKE');
}

export function createRedisWaitCommand(): Command {
  const command = appCommand('redis:wait', 'wait until a Redis add-on is there')
    .argument('[addon]', WHICH)
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { name, addons } = await find(flags, wanted);
      const { state } = (await addons.find(name)) ?? {};
      if (state !== 'provisioning') return;
      const { untilCreated } = await import('../addons/wait.js');
      const created = () => untilCreated(name, () => addons.settled(name));
      await action(`Waiting for database ${name}`, created, () => '', 'available');
    });
  return examples(command, 'redis:wait');
}

export function createRedisCliCommand(): Command {
  const command = appCommand('redis:cli', 'talk to a Redis add-on')
    .argument('[addon]', WHICH)
    .description(
      'Sends each line as a command, and prints the answers. Takes commands from stdin, too: echo GET a | dynosim redis:cli',
    )
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { name, redis } = await find(flags, wanted);
      const view = await redis.info(name);
      const { talkToRedis } = await import('../addons/redis-prompt.js');
      note(`Connecting to ${name} (${view.addon.configVars.join(', ')}):`);
      await talkToRedis(view.url, process.stdin, process.stdout);
    });
  return examples(command, 'redis:cli', 'redis:cli REDIS_URL');
}

/** `redis-clear-54321 (REDIS_URL)` */
function nameWithVars({ addon }: RedisView): string {
  return `${addon.name} (${addon.configVars.join(', ')})`;
}

async function find(flags: AppFlags, wanted: string | undefined) {
  const { findRedisAddon } = await import('../addons/find-redis.js');
  return findRedisAddon(flags, wanted);
}
