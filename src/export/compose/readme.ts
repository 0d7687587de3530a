/** The README beside the files for Docker Compose and Swarm. */

import { shellWord, shellWords } from '../../base/shell-word.js';
import { differencesTable } from '../differences.js';
import {
  addonSection,
  type CommandRow,
  codeBlock,
  commandTable,
  cronLine,
  imageCommands,
  imageSection,
  type ReaderPlaces,
  readerPlaces,
  SECRETS,
} from '../readme-parts.js';
import { commandLine, ONE_OFF_SIZE, shellOf } from '../roles.js';
import type { Stack } from './compose.js';
import { CONFIG_FILE, environment } from './services.js';

export function readme(stack: Stack): string {
  const { app, servers } = stack;
  const at = readerPlaces(stack.places);
  const lines = [
    `# ${app.name} on Docker Compose and Swarm`,
    '',
    `All commands are for a shell in ${at.where}.`,
    '',
    ...onCompose(stack, at),
    ...onSwarm(stack, at),
    ...commands(stack, at),
    ...configSection(stack),
    ...imageSection(app),
    ...addonSection(servers),
    ...jobSection(stack, at),
    '## What Heroku does and these engines do not',
    '',
    ...differencesTable('compose'),
  ];
  return `${lines.join('\n')}\n`;
}

function onCompose({ app }: Stack, { out }: ReaderPlaces): readonly string[] {
  // Else the project is named after its folder, as that of any other exported app.
  const compose = `cd ${out} && docker compose --project-name ${app.name}`;
  return [
    '## On one machine: Docker Compose',
    '',
    ...codeBlock([`(${compose} up --build --detach)`, `(${compose} logs --follow)`, `(${compose} down)`]),
    'The app answers at http://localhost:8080. `docker compose` reads `compose.override.yaml` by itself.',
    '',
  ];
}

function onSwarm(stack: Stack, at: ReaderPlaces): readonly string[] {
  const { app, servers } = stack;
  // The nodes get the registry's password from here.
  const login = app.image.includes('/') ? ' --with-registry-auth' : '';
  const deploy = `docker stack deploy${login} --compose-file ${at.out}/compose.yaml ${app.name}`;
  const hasData = servers.some(({ data }) => data !== undefined);
  const label = `docker node update --label-add ${app.name}=data "$(docker info --format '{{.Swarm.NodeID}}')"`;
  return [
    '## On several machines: Swarm',
    '',
    ...codeBlock([
      ...imageCommands(app, at),
      ...(app.release === undefined ? [] : [oneOff(stack, at, 'release', commandLine(app, app.release))]),
      deploy,
    ]),
    ...(app.image.includes('/')
      ? []
      : [
          'Every node needs the image: push it to a registry, and name it by `dynosim export compose --image registry.example.com/name`.',
        ]),
    'Give each build a tag of its own, so that Swarm sees that there is a new one.',
    '',
    ...(hasData
      ? [
          'The volumes of the add-ons are on one node, which you choose once, here the one of the shell:',
          '',
          ...codeBlock([label]),
        ]
      : []),
    ...(app.release !== undefined && servers.length > 0
      ? [
          'The first time, deploy before you run the release command: it needs the databases. Until it has succeeded, the others may',
          'crash and restart.',
          '',
        ]
      : []),
  ];
}

/** The number of a one-off dyno: the id of the shell's process, which any shell has, also that of cron. */
const ONE_OFF_NUMBER = '$$';

/**
 * Runs a command as a one-off dyno.
 * @param type `run`, for the name `run.1234`
 */
function oneOff(
  { app, servers }: Stack,
  { out }: ReaderPlaces,
  type: string,
  words: readonly string[],
  flags = '',
): string {
  const task = { number: ONE_OFF_NUMBER, id: `${type}.${ONE_OFF_NUMBER}` };
  const vars = Object.entries(environment(app, { type, size: ONE_OFF_SIZE }, task));
  return [
    `docker run --rm ${flags}--init`,
    ...(servers.length > 0 ? [`--network ${app.name}_default`] : []),
    `--env-file ${out}/${CONFIG_FILE}`,
    ...vars.map(
      ([name, value]) => `--env ${name}=${value.endsWith(ONE_OFF_NUMBER) ? value : shellWord(value)}`,
    ),
    app.image,
    shellWords(words),
  ].join(' ');
}

function commands(stack: Stack, at: ReaderPlaces): readonly string[] {
  const { app, names } = stack;
  const [type = 'web'] = app.processes.map((process) => process.type);
  const service = `${app.name}_${names.get(type) ?? type}`;
  const rows: readonly CommandRow[] = [
    ['dynosim ps', `docker stack ps ${app.name}`],
    [`dynosim ps:scale ${type}=2`, `docker service scale ${service}=2`],
    [`dynosim ps:restart ${type}`, `docker service update --force ${service}`],
    [`dynosim logs -t --dyno ${type}`, `docker service logs --follow ${service}`],
    ['dynosim run bash', oneOff(stack, at, 'run', [shellOf(app)], '-it ')],
    ['dynosim config:set A=b', `edit ${CONFIG_FILE}, then docker stack deploy`],
    ['dynosim rollback', `docker service rollback ${service}`],
    ['dynosim stop', `docker stack rm ${app.name}`],
  ];
  return [
    ...commandTable('Swarm', rows),
    'A deploy sets the numbers in `compose.yaml` again: a lasting change goes there (`replicas`), or into `.dynosimrc` and another export.',
    '',
  ];
}

function configSection({ hasAwkwardVars }: Stack): readonly string[] {
  return [
    '## Config vars',
    '',
    `\`${CONFIG_FILE}\` has a config var a line: \`KEY=value\`, without quotes or escapes. ${SECRETS[0]}`,
    ...SECRETS.slice(1),
    ...(hasAwkwardVars
      ? [
          'Some values have a `$`, a quote or ` #`, so `compose.override.yaml` says `format: raw`, for which `docker compose` 2.30 or later is needed.',
        ]
      : [
          '`docker compose` would change a value with a `$`, a quote at its start, or ` #`: set it where the app has its config vars, and export',
          'again, so that `compose.override.yaml` says `format: raw`.',
        ]),
    '',
  ];
}

function jobSection(stack: Stack, at: ReaderPlaces): readonly string[] {
  const { app } = stack;
  const jobs = app.addons.flatMap((addon) => addon.jobs);
  if (jobs.length === 0) return [];
  const lines = jobs.map(
    (job) => `${cronLine(job)} cd FOLDER && ${oneOff(stack, at, 'scheduler', commandLine(app, job.command))}`,
  );
  return [
    '## Jobs',
    '',
    `For the crontab of one node, in UTC. FOLDER is ${at.where}; cron wants a backslash before each \`%\`.`,
    '',
    ...codeBlock(lines),
  ];
}
