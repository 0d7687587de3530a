/** The services of `compose.yaml`: what `docker stack deploy` and `docker compose` both take. */

import type { AddonServer } from '../addons.js';
import type { ExportedApp, ExportedProcess } from '../app.js';
import { CONFIG_FILE } from '../files.js';
import { CONTAINER_PORT } from '../image/dockerfile.js';
import { commandLine, isSingleton, isWeb, memoryLimit, wholeSeconds } from '../roles.js';
import { sizeVars } from '../size-vars.js';
import type { Stack } from './compose.js';

export function addonEnvFile({ host }: AddonServer): string {
  return `${host}.env`;
}

/** https://docs.docker.com/reference/compose-file/services/ */
export function services({ app, names, servers }: Stack): Readonly<Record<string, unknown>> {
  return Object.fromEntries([
    ...app.processes.map((process) => [names.get(process.type) ?? '', processService(app, process)]),
    ...servers.map((server) => [server.host, addonService(app, server)]),
  ]);
}

function processService(app: ExportedApp, process: ExportedProcess) {
  const order = isSingleton(process) ? 'stop-first' : 'start-first';
  return {
    image: app.image,
    command: commandLine(app, process.command).map(literal),
    init: true,
    env_file: [CONFIG_FILE],
    environment: environment(app, process, SWARM_TASK),
    ...(isWeb(process) && {
      ports: [{ target: CONTAINER_PORT, published: app.port, protocol: 'tcp', mode: 'ingress' }],
      healthcheck: portCheck(app),
    }),
    stop_grace_period: seconds(app.timeouts.shutdown),
    deploy: {
      replicas: process.quantity,
      ...limits(app, process),
      update_config: { parallelism: 1, order, failure_action: 'rollback' },
      rollback_config: { parallelism: 1, order },
      restart_policy: { condition: 'any' },
    },
  };
}

/** What a container may use. */
export function limits(app: ExportedApp, process: Pick<ExportedProcess, 'size'>) {
  const memory = memoryLimit(app, process, 'M');
  return memory === undefined ? undefined : { resources: { limits: { memory } } };
}

/** How an engine names one of a service's containers. */
interface TaskNames {
  readonly number: string;
  readonly id: string;
}

/** https://docs.docker.com/reference/cli/docker/service/create/#create-services-using-templates */
const SWARM_TASK: TaskNames = { number: '{{.Task.Slot}}', id: '{{.Task.ID}}' };

/** The variables that the platform sets, over the config vars. */
export function environment(
  app: ExportedApp,
  process: Pick<ExportedProcess, 'type' | 'size'>,
  task: TaskNames,
): Readonly<Record<string, string>> {
  return {
    PORT: String(CONTAINER_PORT),
    DYNO: `${process.type}.${task.number}`,
    ...sizeVars(app, process),
    ...(app.hasDynoMetadata && {
      HEROKU_APP_NAME: app.name,
      HEROKU_APP_DEFAULT_DOMAIN_NAME: app.hosts[0],
      HEROKU_DYNO_ID: task.id,
    }),
  };
}

/**
 * Whether a process listens on $PORT on all interfaces, as on Heroku within 60 s (R10). It needs no program but grep,
 * and opens no connection to the app. https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
 */
function portCheck({ timeouts }: ExportedApp) {
  const port = CONTAINER_PORT.toString(16).toUpperCase().padStart(4, '0');
  return {
    test: ['CMD', 'grep', '-qsE', `: (0{8}|0{32}):${port} \\S+ 0A `, '/proc/net/tcp', '/proc/net/tcp6'],
    interval: '2s',
    timeout: '5s',
    retries: 3,
    start_period: seconds(timeouts.boot),
  };
}

function addonService({ name }: ExportedApp, server: AddonServer) {
  const { host, image, command, ready, data, user, memory, shared } = server;
  const isShell = command[0] === 'sh';
  const volumes = [
    ...(data === undefined ? [] : [{ type: 'volume', source: host, target: data }]),
    ...(shared === undefined
      ? []
      : [{ type: 'tmpfs', target: '/dev/shm', tmpfs: { size: shared * 1024 ** 2 } }]),
  ];
  return {
    image,
    command: command.map(literal),
    // The image gives up root only if it is asked for the server itself.
    ...(isShell && { user: `${user}:${user}` }),
    env_file: [addonEnvFile(server)],
    ...(volumes.length > 0 && { volumes }),
    healthcheck: {
      test: ['CMD', ...ready.map(literal)],
      interval: '5s',
      timeout: '5s',
      retries: 3,
      start_period: '60s',
    },
    stop_grace_period: '60s',
    deploy: {
      replicas: 1,
      resources: { reservations: { memory: `${memory}M` } },
      // Its volume is on one node: on another one, it would start without its data.
      ...(data !== undefined && { placement: { constraints: [`node.labels.${name} == data`] } }),
      // A virtual address has nothing to balance, and forgets connections that are idle for 15 minutes.
      endpoint_mode: 'dnsrr',
      update_config: { order: 'stop-first' },
      restart_policy: { condition: 'any' },
    },
  };
}

function seconds(ms: number): string {
  return `${wholeSeconds(ms)}s`;
}

/**
 * A word as Docker takes it literally. It replaces `$NAME` by the value of a variable, and `$$` by `$`.
 * https://docs.docker.com/reference/compose-file/interpolation/
 */
export function literal(word: string): string {
  return word.replaceAll('$', '$$$$');
}
