/** The README beside the files for Docker Compose and Swarm. */

import { shellWord, shellWords } from '../../base/shell-word.js';
import { differencesTable } from '../differences.js';
import { codeBlock, cronLine, imageCommands, imageSection, SECRETS } from '../readme-parts.js';
import { commandLine } from '../roles.js';
import type { Stack } from './compose.js';
import { CONFIG_FILE } from './services.js';

export function readme(stack: Stack): string {
  const { app } = stack;
  const lines = [
    `# ${app.name} on Docker Compose and Swarm`,
    '',
    'All commands are for a shell in the folder of the app.',
    '',
    ...onCompose(stack),
    ...onSwarm(stack),
    ...commands(stack),
    ...configSection(stack),
    ...imageSection(app),
    ...addonSection(stack),
    ...jobSection(stack),
    '## What Heroku does and these engines do not',
    '',
    ...differencesTable('compose'),
  ];
  return `${lines.join('\n')}\n`;
}

function onCompose({ places: { out } }: Stack): readonly string[] {
  return [
    '## On one machine: Docker Compose',
    '',
    ...codeBlock([
      `(cd ${shellWord(out)} && docker compose up --build --detach)`,
      `(cd ${shellWord(out)} && docker compose logs --follow)`,
      `(cd ${shellWord(out)} && docker compose down)`,
    ]),
    'The app answers at http://localhost:8080. `docker compose` reads `compose.override.yaml` by itself.',
    '',
  ];
}

function onSwarm(stack: Stack): readonly string[] {
  const { app, places, servers } = stack;
  const deploy = `docker stack deploy --compose-file ${shellWord(places.out)}/compose.yaml ${app.name}`;
  const hasData = servers.some(({ data }) => data !== undefined);
  const label = `docker node update --label-add ${app.name}=data "$(docker info --format '{{.Swarm.NodeID}}')"`;
  return [
    '## On several machines: Swarm',
    '',
    ...codeBlock([
      ...imageCommands(app, places),
      ...(app.release === undefined ? [] : [oneOff(stack, app.release)]),
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

/** Runs a command as a one-off dyno. */
function oneOff({ app, places: { out }, servers }: Stack, command: string): string {
  const network = servers.length > 0 ? ` --network ${app.name}_default` : '';
  const env = `--env-file ${shellWord(out)}/${CONFIG_FILE}`;
  return `docker run --rm --init${network} ${env} ${app.image} ${shellWords(commandLine(app, command))}`;
}

function commands(stack: Stack): readonly string[] {
  const { app, names } = stack;
  const [type = 'web'] = app.processes.map((process) => process.type);
  const service = `${app.name}_${names.get(type) ?? type}`;
  const rows = [
    ['dynosim ps', `docker stack ps ${app.name}`],
    [`dynosim ps:scale ${type}=2`, `docker service scale ${service}=2`],
    [`dynosim ps:restart ${type}`, `docker service update --force ${service}`],
    [`dynosim logs -t --dyno ${type}`, `docker service logs --follow ${service}`],
    ['dynosim run bash', oneOff(stack, 'bash').replace('docker run --rm', 'docker run --rm -it')],
    ['dynosim config:set A=b', `edit ${CONFIG_FILE}, then docker stack deploy`],
    ['dynosim rollback', `docker service rollback ${service}`],
    ['dynosim stop', `docker stack rm ${app.name}`],
  ];
  return [
    '| dynosim | Swarm |',
    '| --- | --- |',
    ...rows.map((cells) => `| ${cells.map((cell) => `\`${cell.replaceAll('|', '\\|')}\``).join(' | ')} |`),
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
          'If a value has a `$`, a quote at its start, or ` #`, export again: `docker compose` has to be told.',
        ]),
    '',
  ];
}

function addonSection({ servers }: Stack): readonly string[] {
  if (servers.length === 0) return [];
  return [
    '## Add-ons',
    '',
    ...servers.map(
      ({ addon, image, data }) =>
        `- \`${addon.name}\` (${addon.service}) is \`${image}\`${data === undefined ? ', and forgets everything when it restarts' : ''}.`,
    ),
    '',
    'They begin empty. To move data: `dynosim pg:backups:capture`, then `pg_restore`.',
    '',
  ];
}

function jobSection(stack: Stack): readonly string[] {
  const jobs = stack.app.addons.flatMap((addon) => addon.jobs);
  if (jobs.length === 0) return [];
  const lines = jobs.map((job) => `${cronLine(job)} ${oneOff(stack, job.command)}`);
  return [
    '## Jobs',
    '',
    'For the crontab of one node, in UTC, in the folder of the app:',
    '',
    ...codeBlock(lines),
  ];
}
