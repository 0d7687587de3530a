/** `compose.override.yaml`: what `docker compose` alone takes. It reads the file by itself. */

import type { ExportedProcess } from '../app.js';
import { CONFIG_FILE } from '../files.js';
import { commandLine, isWeb, oneOffSize } from '../roles.js';
import type { Stack } from './compose.js';
import { environment, limits, literal } from './services.js';

/** https://docs.docker.com/reference/compose-file/services/ */
export function override(stack: Stack): Readonly<Record<string, unknown>> {
  const { app, names, servers } = stack;
  return Object.fromEntries([
    ...(app.release === undefined ? [] : [['release', releaseService(stack, app.release)]]),
    ...app.processes.map((process) => [names.get(process.type) ?? '', processService(stack, process)]),
    ...servers.map(({ host }) => [host, { restart: 'unless-stopped' }]),
  ]);
}

/** The paths of the lists that replace those of compose.yaml. */
export function replacedLists({ app, names, hasAwkwardVars }: Stack): readonly (readonly string[])[] {
  if (!hasAwkwardVars) return [];
  return app.processes.map(({ type }) => ['services', names.get(type) ?? '', 'env_file']);
}

function processService(stack: Stack, process: ExportedProcess) {
  const { app } = stack;
  // One container can have the port of this machine.
  const hasTooMany = isWeb(process) && process.quantity > 1;
  return {
    ...build(stack),
    restart: 'unless-stopped',
    environment: environment(app, process, { number: '1', id: `${process.type}.1` }),
    ...(stack.hasAwkwardVars && { env_file: RAW }),
    ...(hasTooMany && { deploy: { replicas: 1 } }),
    ...dependsOn(stack, app.release !== undefined),
  };
}

function releaseService(stack: Stack, command: string) {
  const { app } = stack;
  const process = { type: 'release', size: oneOffSize(app) };
  const deploy = limits(app, process);
  return {
    image: app.image,
    ...build(stack),
    command: commandLine(app, command).map(literal),
    init: true,
    env_file: stack.hasAwkwardVars ? RAW : [CONFIG_FILE],
    environment: environment(app, process, { number: '1', id: 'release.1' }),
    restart: 'no',
    ...(deploy && { deploy }),
    ...dependsOn(stack, false),
  };
}

/** Read as "docker stack deploy" reads it: without interpolation. */
const RAW = [{ path: CONFIG_FILE, format: 'raw' }];

function build({ app: { source }, places: { context, out } }: Stack) {
  switch (source.from) {
    case 'recipe':
      return { build: { context, dockerfile: `${out}/Dockerfile` } };
    case 'own':
      return { build: { context } };
    case 'elsewhere':
      return {};
  }
}

/** The databases are up, and the release command has succeeded. */
function dependsOn({ servers }: Stack, waitsForRelease: boolean) {
  const conditions = [
    ...servers.map(({ host }) => [host, { condition: 'service_healthy' }]),
    ...(waitsForRelease ? [['release', { condition: 'service_completed_successfully' }]] : []),
  ];
  return conditions.length === 0 ? {} : { depends_on: Object.fromEntries(conditions) };
}
