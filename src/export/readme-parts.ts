/** What the READMEs of both engines say. */

import type { ExportedApp, ExportedJob, Places } from './app.js';

/** How the image is built and, if it has a registry, pushed: lines for a shell in the app's folder. */
export function imageCommands({ source, image }: ExportedApp, { out }: Places): readonly string[] {
  const push = image.includes('/') ? [`docker push ${image}`] : [];
  switch (source.from) {
    case 'recipe':
      return [`docker build --tag ${image} --file ${out}/Dockerfile .`, ...push];
    case 'own':
      return [`docker build --tag ${image} .`, ...push];
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
        'The Dockerfile is your own. It needs `sh` and `grep`. Let your `.dockerignore` leave out `.env*` and this folder.',
        '',
        ...pack,
        '',
      ];
    case 'elsewhere':
      return ['## The image', '', 'You make it yourself. It needs `sh` and `grep`.', '', ...pack, ''];
  }
}

export const SECRETS: readonly string[] = [
  'The files that end with `.env` have passwords, and only you can read them. Keep them out of git. They have the values that the app',
  'has here: look through them before you deploy. An edited one is kept when you export again.',
];

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
