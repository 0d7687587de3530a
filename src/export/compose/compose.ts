/** Writes the files for `docker stack deploy` and `docker compose`. https://docs.docker.com/reference/compose-file/ */

import { DYNO_SIZES } from '../../base/sizes.js';
import type { ExportedApp, ExportedProcess, ExportFile } from '../app.js';
import { writeEnvFile } from '../env-file.js';
import { CONTAINER_PORT, dynoCommand } from '../image/dockerfile.js';
import { serviceNames } from '../names.js';
import { toYaml } from '../yaml.js';

/** Older versions of the engines want one. */
const VERSION = '3.8';

const ENV_FILE = 'config.env';

export interface Places {
  /** The app's folder, from that of the export: `../..` */
  readonly context: string;
  /** The Dockerfile, from the app's folder. */
  readonly dockerfile: string;
}

export function composeFiles(app: ExportedApp, places: Places): readonly ExportFile[] {
  return [
    { path: 'compose.yaml', text: toYaml(SHARED, shared(app)), isSecret: false },
    { path: 'compose.override.yaml', text: toYaml(OVERRIDE, override(app, places)), isSecret: false },
    { path: ENV_FILE, text: writeEnvFile(app.configVars), isSecret: true },
  ];
}

const SHARED = [
  'Written by "dynosim export compose": what docker stack deploy and docker compose both take.',
];
const OVERRIDE = [
  'Written by "dynosim export compose". "docker compose" reads this file, too: it has what "docker stack deploy" refuses.',
];

function shared(app: ExportedApp) {
  const names = serviceNames(app.processes.map(({ type }) => type));
  return {
    version: VERSION,
    services: Object.fromEntries(
      app.processes.map((process) => [names.get(process.type) ?? '', service(app, process)]),
    ),
    networks: { default: { attachable: true } },
  };
}

function service(app: ExportedApp, process: ExportedProcess) {
  const isWeb = process.type === 'web';
  return {
    image: app.image,
    command: dynoCommand(process.command).map(withoutReferences),
    init: true,
    env_file: [ENV_FILE],
    environment: {
      ...(isWeb && { PORT: String(CONTAINER_PORT) }),
      DYNO: `${process.type}.{{.Task.Slot}}`,
    },
    ...(isWeb && {
      ports: [{ target: CONTAINER_PORT, published: CONTAINER_PORT, protocol: 'tcp', mode: 'ingress' }],
      healthcheck: healthcheck(app),
    }),
    stop_grace_period: seconds(app.timeouts.shutdown),
    deploy: {
      replicas: process.quantity,
      resources: { limits: { memory: `${memoryMb(app, process)}M` } },
      update_config: { order: 'start-first', parallelism: 1, failure_action: 'rollback' },
      restart_policy: { condition: 'any' },
    },
  };
}

/** A process listens on $PORT, on all interfaces. It needs no program but grep, and opens no connection to the app. */
function healthcheck({ timeouts }: ExportedApp) {
  const port = CONTAINER_PORT.toString(16).toUpperCase().padStart(4, '0');
  return {
    test: ['CMD', 'grep', '-qsE', `: (0{8}|0{32}):${port} .* 0A `, '/proc/net/tcp', '/proc/net/tcp6'],
    interval: '2s',
    timeout: '5s',
    retries: 3,
    start_period: seconds(timeouts.boot),
  };
}

function override(app: ExportedApp, places: Places) {
  const names = serviceNames(app.processes.map(({ type }) => type));
  const build = { context: places.context, dockerfile: places.dockerfile };
  const release = app.release !== undefined && {
    image: app.image,
    build,
    command: dynoCommand(app.release).map(withoutReferences),
    init: true,
    env_file: [ENV_FILE],
    environment: { DYNO: 'release.1' },
    restart: 'no',
  };
  const processes = app.processes.map(({ type }) => [
    names.get(type) ?? '',
    {
      build,
      restart: 'unless-stopped',
      environment: { DYNO: `${type}.1` },
      ...(release && { depends_on: { release: { condition: 'service_completed_successfully' } } }),
    },
  ]);
  return {
    version: VERSION,
    services: { ...(release && { release }), ...Object.fromEntries(processes) },
  };
}

/** Both engines put the values of variables in the place of `$NAME`. */
function withoutReferences(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)}s`;
}

function memoryMb({ memoryQuota }: ExportedApp, { size }: ExportedProcess): number {
  return memoryQuota === undefined ? DYNO_SIZES[size].memoryMb : Math.floor(memoryQuota / 1024 ** 2);
}
