/** What the READMEs of both engines say. */

import { shellWord } from '../base/shell-word.js';
import type { AddonServer } from './addons.js';
import { type ExportedApp, type ExportedJob, isBelow, type Places } from './app.js';

/** Where a reader of the README is, and what is where from there. */
export interface ReaderPlaces {
  /** `the app's folder` */
  readonly where: string;
  /** The folder of the export, for a shell. */
  readonly out: string;
  /** The app's folder, for a shell. */
  readonly context: string;
}

/** The reader is in the app's folder, if the export is below it. */
export function readerPlaces({ out, context }: Places): ReaderPlaces {
  if (isBelow(out)) return { where: "the app's folder", out: shellWord(out), context: '.' };
  return { where: 'the folder that contains this file', out: '.', context: shellWord(context) };
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
  return [
    '## The image',
    '',
    ...paragraph(...aboutSource(source)),
    ...paragraph(
      `Alternatively, build the image with Heroku's own buildpacks: \`pack build ${image} --builder heroku/builder:24\`.`,
      'To start a process type in such an image, use the entrypoint `/cnb/process/TYPE` without a command.',
    ),
  ];
}

function aboutSource(source: ExportedApp['source']): readonly string[] {
  switch (source.from) {
    case 'recipe':
      return [
        `\`Dockerfile\` builds the app on \`${source.recipe.buildBase}\`, as Heroku's buildpack would, and runs it on \`${source.recipe.base}\`.`,
        'To use another image for both, pass `--build-arg BASE=…`; for the build alone, `--build-arg BUILD_BASE=…`.',
        'The ARG lines also list the settings of the package manager that you can pass.',
        "Versions of Docker before 23 ignore `Dockerfile.dockerignore`: copy it to `.dockerignore` in the app's folder.",
      ];
    case 'own':
      return [
        "The image is built from the app's own Dockerfile.",
        'It needs `sh`, `grep` and `sleep`, and its ENTRYPOINT, if it has one, must run the command that it is given.',
        'Add `.env*` and this folder to your `.dockerignore`.',
      ];
    case 'elsewhere':
      return ['You provide the image. It needs `sh`, `grep` and `sleep`.'];
  }
}

/** What both engines' READMEs say about files with passwords. */
export const SECRETS: readonly string[] = [
  'The `.env` files contain passwords, so only you can read them. Keep them out of git.',
  'They hold the values that the app has on this machine: review them before you deploy.',
  'If you edit one of these files, the next export keeps your version.',
];

/** The longest line of a paragraph. */
const WIDTH = 120;

/** A paragraph of Markdown and the empty line after it. No line ends within code. */
export function paragraph(...sentences: readonly string[]): readonly string[] {
  const words = sentences.join(' ').match(/(?:`[^`]*`|\S)+/g) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line, ''];
}

/**
 * The section about add-ons.
 * @param exec the engine's command that runs another one in a server's container
 * @param note a sentence for the engine's users
 */
export function addonSection(
  servers: readonly AddonServer[],
  exec: (host: string) => string,
  note?: string,
): readonly string[] {
  if (servers.length === 0) return [];
  const databases = servers.filter(({ addon }) => addon.service === 'heroku-postgresql');
  const loads = databases.map(({ host, addon: { settings } }) => {
    const target = `--username ${settings.user} --dbname ${settings.database}`;
    return `${exec(host)} pg_restore --clean --if-exists --no-acl --no-owner ${target} <latest.dump`;
  });
  return [
    '## Add-ons',
    '',
    ...servers.map(
      ({ addon, image, data }) =>
        `- \`${addon.name}\` (${addon.service}) runs on \`${image}\`${data === undefined ? ' and loses its data when it restarts' : ''}.`,
    ),
    '',
    ...paragraph('Add-ons start empty.', ...(note === undefined ? [] : [note])),
    ...(loads.length === 0
      ? []
      : [
          ...paragraph(
            'To move the data of a database, save it with `dynosim pg:backups:capture` and `dynosim pg:backups:download`, or from Heroku by the same commands of `heroku`. Then load the file:',
          ),
          ...codeBlock(loads),
        ]),
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

/** Commands of which each needs the one before: lines for a shell, which ends with the first command that fails. */
export function chained(commands: readonly string[]): readonly string[] {
  return commands.map((command, index) => (index < commands.length - 1 ? `${command} && \\` : command));
}

/** A command of dynosim, and what replaces it: a command, or Markdown with code in it. */
export type CommandRow = readonly [command: string, replacement: string];

/** The section about commands. */
export function commandTable(engine: string, rows: readonly CommandRow[]): readonly string[] {
  const cell = (text: string): string => {
    const escaped = text.replaceAll('|', '\\|');
    return text.includes('`') ? escaped : `\`${escaped}\``;
  };
  return [
    '## Everyday commands',
    '',
    `| dynosim | ${engine} |`,
    '| --- | --- |',
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
    '',
  ];
}
