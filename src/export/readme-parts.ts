/** What the READMEs of both engines say. */

import { shellWord } from '../base/shell-word.js';
import type { AddonServer } from './addons.js';
import { type ExportedApp, type ExportedJob, isBelow, type Places } from './app.js';

/** Where a reader of the README is, and what is where from there. */
export interface ReaderPlaces {
  /** `the folder of the app` */
  readonly where: string;
  /** The folder of the export, for a shell. */
  readonly out: string;
  /** The app's folder, for a shell. */
  readonly context: string;
}

/** The reader is in the app's folder, if the export is below it. */
export function readerPlaces({ out, context }: Places): ReaderPlaces {
  if (isBelow(out)) return { where: 'the folder of the app', out: shellWord(out), context: '.' };
  return { where: 'the folder of this file', out: '.', context: shellWord(context) };
}

/** How the image is built and, if it has a registry, pushed: lines for a shell. */
export function imageCommands(
  { source, image }: ExportedApp,
  { out, context }: ReaderPlaces,
): readonly string[] {
  const push = image.includes('/') ? [`docker push ${image}`] : [];
  switch (source.from) {
    case 'recipe':
      return [`docker build --tag ${image} --file ${out}/Dockerfile ${context}`, ...push];
    case 'own':
      return [`docker build --tag ${image} ${context}`, ...push];
    case 'elsewhere':
      return push;
  }
}

/** The section about the image. */
export function imageSection({ source, image }: ExportedApp): readonly string[] {
  const pack = [
    `The other way is Heroku's own buildpacks: \`pack build ${image} --builder heroku/builder:24\`. In such an image, a process`,
    'type is started by the entrypoint `/cnb/process/TYPE`, without a command.',
  ];
  switch (source.from) {
    case 'recipe':
      return [
        '## The image',
        '',
        `\`Dockerfile\` builds the app as Heroku's buildpack would, with \`${source.recipe.buildBase}\`, to run on \`${source.recipe.base}\`. Both are`,
        'arguments: `--build-arg BASE=…`, `--build-arg BUILD_BASE=…`. So are the settings of the package manager in its ARG lines. A',
        'builder before Docker 23 does not read `Dockerfile.dockerignore`: copy it to `.dockerignore` in the folder of the app.',
        '',
        ...pack,
        '',
      ];
    case 'own':
      return [
        '## The image',
        '',
        'The Dockerfile is your own. Its image needs `sh`, `grep` and `sleep`, and an ENTRYPOINT, if it has one, must run the command that',
        'follows it. Let your `.dockerignore` leave out `.env*` and this folder.',
        '',
        ...pack,
        '',
      ];
    case 'elsewhere':
      return [
        '## The image',
        '',
        'You make it yourself. It needs `sh`, `grep` and `sleep`.',
        '',
        ...pack,
        '',
      ];
  }
}

export const SECRETS: readonly string[] = [
  'The files that end with `.env` have passwords, and only you can read them. Keep them out of git. They have the values that the app',
  'has here: look through them before you deploy. An edited one is kept when you export again.',
];

/** @param note a sentence for the engine's users */
export function addonSection(servers: readonly AddonServer[], note?: string): readonly string[] {
  if (servers.length === 0) return [];
  const hasDatabase = servers.some(({ addon }) => addon.service === 'heroku-postgresql');
  const move = hasDatabase ? ['To move data: `dynosim pg:backups:capture`, then `pg_restore`.'] : [];
  return [
    '## Add-ons',
    '',
    ...servers.map(
      ({ addon, image, data }) =>
        `- \`${addon.name}\` (${addon.service}) is \`${image}\`${data === undefined ? ', and forgets everything when it restarts' : ''}.`,
    ),
    '',
    ['They begin empty.', ...move, ...(note === undefined ? [] : [note])].join(' '),
    '',
  ];
}

/** The schedule of a job, as cron writes it. https://man7.org/linux/man-pages/man5/crontab.5.html */
export function cronLine({ every, at }: ExportedJob): string {
  const [first = '0', second = '0'] = (at ?? '').split(':').map((digits) => String(Number(digits)));
  switch (every) {
    case '10m':
      return '*/10 * * * *';
    case 'hourly':
      return `${first} * * * *`;
    case 'daily':
      return `${second} ${first} * * *`;
  }
}

export function codeBlock(lines: readonly string[]): readonly string[] {
  return ['```sh', ...lines, '```', ''];
}

/** A command of dynosim, and what replaces it. */
export type CommandRow = readonly [command: string, replacement: string];

export function commandTable(engine: string, rows: readonly CommandRow[]): readonly string[] {
  const cell = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
  return [
    `| dynosim | ${engine} |`,
    '| --- | --- |',
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
    '',
  ];
}
