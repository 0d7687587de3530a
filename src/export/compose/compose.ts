/** Writes the files for `docker stack deploy` and `docker compose`. https://docs.docker.com/reference/compose-file/ */

import { type AddonServer, addonServers, allVars } from '../addons.js';
import type { ExportedApp, Places } from '../app.js';
import { isPlain, writeEnvFile } from '../env-file.js';
import { CONFIG_FILE, type ExportFile, signed } from '../files.js';
import { serviceNames } from '../names.js';
import { toYaml } from '../yaml.js';
import { override, replacedLists } from './override.js';
import { readme } from './readme.js';
import { addonEnvFile, services } from './services.js';

/** What the two YAML files are made of. */
export interface Stack {
  readonly app: ExportedApp;
  readonly places: Places;
  /** The names of the services, by process types and add-ons. */
  readonly names: ReadonlyMap<string, string>;
  readonly servers: readonly AddonServer[];
  /** All config vars. */
  readonly vars: ReadonlyMap<string, string>;
  /** Whether `docker compose` would read a config var differently. */
  readonly hasAwkwardVars: boolean;
}

/** The longest name of a service, to which Swarm adds the name of the stack. https://github.com/moby/swarmkit */
const LONGEST_OF_SWARM = 63;

/** Older versions of the engines want one. */
const VERSION = '3.8';

/** @throws UserError `NAME_CLASH`, `NAME_EMPTY`, `BAD_CONFIG_NAME`, `BAD_CONFIG_VALUE` */
export function composeFiles(app: ExportedApp, places: Places): readonly ExportFile[] {
  const stack = stackOf(app, places);
  const { servers, vars } = stack;
  const volumes = Object.fromEntries(
    servers.flatMap(({ host, data }) => (data === undefined ? [] : [[host, {}]])),
  );
  const shared = {
    version: VERSION,
    services: services(stack),
    networks: { default: { attachable: true } },
    ...(Object.keys(volumes).length > 0 && { volumes }),
  };
  const added = { version: VERSION, services: override(stack) };
  return [
    signed(
      'compose.yaml',
      'For "docker stack deploy"; "docker compose" reads compose.override.yaml as well, unless -f names files.',
      toYaml(shared),
    ),
    signed(
      'compose.override.yaml',
      'What "docker compose" adds to compose.yaml by itself; "docker stack deploy" would refuse it.',
      toYaml(added, replacedLists(stack)),
    ),
    signed(CONFIG_FILE, 'The config vars: KEY=value, without quotes or escapes.', writeEnvFile(vars), true),
    ...servers.map((server) =>
      signed(
        addonEnvFile(server),
        `For the server of ${server.addon.name} alone.`,
        writeEnvFile(server.env),
        true,
      ),
    ),
    signed('README.md', 'How to run the app.', readme(stack)),
  ];
}

function stackOf(app: ExportedApp, places: Places): Stack {
  const types = app.processes.map(({ type }) => type);
  const withServers = app.addons.filter(({ service }) => service !== 'scheduler');
  const release = app.release === undefined ? [] : ['release'];
  const all = [...release, ...types, ...withServers.map(({ name }) => name)];
  const names = serviceNames(all, { longest: LONGEST_OF_SWARM - `${app.name}_`.length });
  const servers = addonServers(app, names);
  const vars = allVars(app, servers);
  return { app, places, names, servers, vars, hasAwkwardVars: ![...vars.values()].every(isPlain) };
}
