/** Writes a Dockerfile. https://docs.docker.com/reference/dockerfile/ */

import type { Recipe } from './recipe.js';

/** The port on which an app listens in its container. */
export const CONTAINER_PORT = 8080;

/** The user who runs the app. A number, so that Kubernetes can see that it is not root. */
const USER = '10001';

/** Sources the app's profile scripts, then runs the command. https://devcenter.heroku.com/articles/dynos#the-profile-file */
const WITH_PROFILE = [
  '/bin/bash',
  '-c',
  'for profile in .profile.d/*.sh .profile; do if [ -f "$profile" ]; then . "./$profile"; fi; done; exec "$@"',
  'dyno',
];

export interface Image {
  readonly recipe: Recipe;
  readonly hasProfile: boolean;
  /** What a container runs that is given no command. */
  readonly command: string | undefined;
}

export function dockerfile({ recipe, hasProfile, command }: Image): string {
  return `${[
    '# Written by "dynosim export". BUILD_BASE builds the app, BASE runs it; both can be replaced by --build-arg.',
    `ARG BASE=${recipe.base}`,
    `ARG BUILD_BASE=${recipe.buildBase}`,
    '',
    ...buildStage(recipe),
    '',
    ...runStage(recipe, hasProfile),
    ...(command === undefined ? [] : [`CMD ${JSON.stringify(dynoCommand(command))}`]),
  ].join('\n')}\n`;
}

/** A command as a dyno runs it. Not by `bash -l`, which would reset PATH. */
export function dynoCommand(command: string): readonly string[] {
  return ['bash', '-c', command];
}

function buildStage({ settings, buildEnv, build }: Recipe): readonly string[] {
  return [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Docker's
    'FROM ${BUILD_BASE} AS build',
    'WORKDIR /app',
    ...settings.map((name) => `ARG ${name}`),
    ...envLines(buildEnv),
    ...build,
  ];
}

function runStage({ env, folders, packages }: Recipe, hasProfile: boolean): readonly string[] {
  const tini = ['/usr/bin/tini', '-s', '-g', '--', ...(hasProfile ? WITH_PROFILE : [])];
  const wanted = ['tini', ...packages];
  return [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Docker's
    'FROM ${BASE}',
    '# tini is the init: it passes SIGTERM on to all of the app, which then ends with 143, as on Heroku.',
    `RUN dpkg -s ${wanted.join(' ')} >/dev/null 2>&1 || { apt-get update && \\`,
    `    apt-get install -y --no-install-recommends ${wanted.join(' ')} && rm -rf /var/lib/apt/lists/*; }`,
    `RUN useradd --uid ${USER} --home-dir /app --no-create-home --shell /bin/bash dyno`,
    'WORKDIR /app',
    `COPY --from=build --chown=${USER}:${USER} /app /app`,
    ...folders.map((folder) => `COPY --from=build ${folder} ${folder}`),
    ...envLines({ HOME: '/app', PORT: String(CONTAINER_PORT), ...env }),
    `USER ${USER}:${USER}`,
    `EXPOSE ${CONTAINER_PORT}`,
    `ENTRYPOINT ${JSON.stringify(tini)}`,
  ];
}

function envLines(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => `ENV ${name}=${value}`);
}
