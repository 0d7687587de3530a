/** The README beside the files for Docker Compose and Swarm. */

import { shellWord, shellWords } from '../../base/shell-word.js';
import { differencesTable } from '../differences.js';
import { CONFIG_FILE } from '../files.js';
import {
  addonSection,
  type CommandRow,
  chained,
  codeBlock,
  commandTable,
  cronLine,
  imageCommands,
  imageSection,
  paragraph,
  type ReaderPlaces,
  readerPlaces,
  SECRETS,
} from '../readme-parts.js';
import { commandLine, isWeb, memoryLimit, oneOffSize, shellOf, wholeSeconds } from '../roles.js';
import type { Stack } from './compose.js';
import { environment } from './services.js';

export function readme(stack: Stack): string {
  const { app, servers } = stack;
  const at = readerPlaces(stack.places);
  const lines = [
    `# ${app.name} on Docker Compose and Swarm`,
    '',
    ...paragraph(`Run all commands in ${at.where}.`),
    ...onCompose(stack, at),
    ...onSwarm(stack, at),
    ...commands(stack, at),
    ...configSection(stack),
    ...imageSection(app),
    ...addonSection(
      servers,
      (host) => `docker exec -i "$(docker ps --quiet --filter name=${host})"`,
      ON_SWARM,
    ),
    ...jobSection(stack, at),
    '## What Heroku does and these engines do not',
    '',
    ...differencesTable('compose'),
  ];
  return `${lines.join('\n')}\n`;
}

const ON_SWARM = 'With Swarm, run commands in their containers on the node that has them.';

function onCompose({ app }: Stack, { out }: ReaderPlaces): readonly string[] {
  const web = app.processes.find(isWeb);
  // Else the project is named after its folder, as that of any other exported app.
  const compose = `cd ${out} && docker compose --project-name ${app.name}`;
  return [
    '## On one machine: Docker Compose',
    '',
    ...codeBlock([`(${compose} up --build --detach)`, `(${compose} logs --follow)`, `(${compose} down)`]),
    ...paragraph(
      ...(web === undefined ? [] : [`The app answers at http://localhost:${app.port}.`]),
      '`docker compose` reads `compose.override.yaml` automatically, but only if you name no file with `-f`: without it, there is no release command and no build.',
      ...(web !== undefined && web.quantity > 1
        ? ['It runs one web container, because only one can have the port.']
        : []),
    ),
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
    ...paragraph(
      'If you have no swarm yet, run `docker swarm init` on one machine, and the command that it prints on the others.',
      ...(hasData
        ? [
            'The volumes of the add-ons are on one node. Choose it once; this command chooses the node that you are on:',
          ]
        : []),
    ),
    ...(hasData ? [...codeBlock([label]), ...paragraph('To deploy:')] : []),
    ...codeBlock(
      chained([
        ...imageCommands(app, at),
        ...(app.release === undefined ? [] : [oneOff(stack, at, 'release', commandLine(app, app.release))]),
        deploy,
      ]),
    ),
    ...paragraph(
      ...(app.image.includes('/')
        ? []
        : [
            'Every node needs the image, so push it to a registry and export again with its full name: `dynosim export compose --image registry.example.com/name`.',
          ]),
      'Give each build its own tag, so that Swarm notices the new image: export again with `--image NAME:TAG`.',
      ...(app.processes.some(isWeb)
        ? [
            `The app answers at port ${app.port} of every node. Another app needs another port: export that one with \`--port NUMBER\`.`,
          ]
        : []),
    ),
    ...(app.release !== undefined && servers.length > 0
      ? paragraph(
          'The release command needs the databases, so for the first deploy, run the commands without `docker run`, and all of them once the databases are up.',
          'Until the release command has succeeded, the other processes may crash and restart.',
        )
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
  const process = { type, size: oneOffSize(app) };
  const memory = memoryLimit(app, process, 'm');
  const vars = Object.entries(environment(app, process, task));
  return [
    `docker run --rm ${flags}--init`,
    ...(memory === undefined ? [] : [`--memory ${memory}`]),
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
  const { app, names, servers } = stack;
  const types = app.processes.map((process) => process.type);
  const [type = 'web'] = types;
  const serviceOf = (one: string): string => `${app.name}_${names.get(one) ?? one}`;
  const service = serviceOf(type);
  // Otherwise the servers would end while the app still writes. The command does not wait for the end of containers.
  const stopApp = `docker service scale ${types.map((one) => `${serviceOf(one)}=0`).join(' ')} && sleep ${wholeSeconds(app.timeouts.shutdown)} && `;
  const rows: readonly CommandRow[] = [
    ['dynosim ps', `docker stack ps ${app.name}`],
    [`dynosim ps:scale ${type}=2`, `docker service scale ${service}=2`],
    [`dynosim ps:restart ${type}`, `docker service update --force ${service}`],
    [`dynosim logs -t --dyno ${type}`, `docker service logs --follow ${service}`],
    ['dynosim run bash', oneOff(stack, at, 'run', [shellOf(app)], '-it ')],
    [
      'dynosim config:set A=b',
      `Edit \`${at.out}/${CONFIG_FILE}\`, then run \`docker stack deploy\` as above`,
    ],
    ['dynosim rollback', `docker service rollback ${service}`],
    ['dynosim stop', `${servers.length > 0 ? stopApp : ''}docker stack rm ${app.name}`],
  ];
  return [
    ...commandTable('Swarm', rows),
    ...paragraph(
      'Each deploy resets the number of containers to the one in `compose.yaml`.',
      "For a lasting change, edit `replicas` there, or change the app's formation and export again.",
      'To remove a process type that the app no longer has, add `--prune` to `docker stack deploy`, or `--remove-orphans` to `docker compose up`.',
    ),
  ];
}

function configSection({ hasAwkwardVars }: Stack): readonly string[] {
  return [
    '## Config vars',
    '',
    ...paragraph(
      `\`${CONFIG_FILE}\` has one config var per line, as \`KEY=value\` without quotes or escapes.`,
      ...SECRETS,
    ),
    ...(hasAwkwardVars
      ? paragraph(
          'Some values contain a `$`, a quote or ` #`.',
          'So that `docker compose` leaves them as they are, `compose.override.yaml` sets `format: raw`, which needs `docker compose` 2.30 or later.',
        )
      : paragraph(
          '`docker compose` would change a value that contains a `$` or ` #`, or that starts with a quote.',
          'To add such a value, set it where the app has its config vars and export again: `compose.override.yaml` then sets `format: raw`.',
        )),
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
    ...paragraph(
      'Add these lines to the crontab of one node. The times are in UTC.',
      `Replace FOLDER with ${at.where}, and put a backslash before each \`%\` in a command.`,
    ),
    ...codeBlock(lines),
  ];
}
