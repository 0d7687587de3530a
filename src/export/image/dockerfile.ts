/** Writes a Dockerfile. https://docs.docker.com/reference/dockerfile/ */

import type { Recipe } from './recipe.js';

/** The port on which an app listens in its container. */
export const CONTAINER_PORT = 8080;

/** The user who runs the app. A number, so that Kubernetes can see that it is not root. */
export const CONTAINER_USER = 10_001;

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
  /** Variables that Heroku's buildpack sets for the size of the dynos. */
  readonly sizeEnv: Readonly<Record<string, string>>;
  /** Config vars that the build puts into what browsers get. */
  readonly publicVars: Readonly<Record<string, string>>;
  /** Folders of the source that must not be in the image. */
  readonly secretFolders: readonly string[];
  /** What a container runs that is given no command. */
  readonly command: string | undefined;
}

/** The instructions, without a comment that says who wrote them. */
export function dockerfile(image: Image): string {
  const { recipe } = image;
  const lines = [
    '# BUILD_BASE builds the app, BASE runs it; --build-arg replaces them.',
    `ARG BASE=${recipe.base}`,
    `ARG BUILD_BASE=${recipe.buildBase}`,
    '',
    ...sourceStage(image),
    '',
    ...buildStage(image),
    '',
    ...runStage(image),
  ];
  return `${lines.join('\n')}\n`;
}

/** The source without what must never be in an image: old builders do not read Dockerfile.dockerignore. */
function sourceStage({ secretFolders }: Image): readonly string[] {
  return [
    fromBuildBase('source'),
    'WORKDIR /source',
    'COPY . .',
    '# Old builders do not read Dockerfile.dockerignore.',
    `RUN rm -rf ${['.git', 'node_modules', ...secretFolders].join(' ')} && find . -name '.env*' -prune -exec rm -rf {} +`,
  ];
}

function fromBuildBase(stage: string): string {
  return `FROM \${BUILD_BASE} AS ${stage}`;
}

function buildStage({ recipe, publicVars }: Image): readonly string[] {
  const { setup, settings, buildEnv, manifests, install, build, path } = recipe;
  const source = 'COPY --from=source /source ./';
  const all = manifests.map((file) => `/source/${file}`).join(' ');
  return [
    fromBuildBase('build'),
    ...setup.map(run),
    'WORKDIR /app',
    ...(settings.length > 0 ? ['# For the build alone: docker build --build-arg NAME=value'] : []),
    ...settings.map((name) => `ARG ${name}`),
    ...Object.entries(publicVars).map(([name, value]) => `ARG ${name}=${quoted(value)}`),
    ...envLines(buildEnv),
    ...pathLine(path),
    ...(manifests.length > 0 ? [`COPY --from=source ${all} ./`, ...install.map(run), source] : []),
    ...(manifests.length > 0 ? [] : [source, ...install.map(run)]),
    ...build.map(run),
  ];
}

function runStage({ recipe, hasProfile, sizeEnv, command }: Image): readonly string[] {
  const { setup, env, path, packages } = recipe;
  const init = ['/usr/bin/tini', '-s', '-g', '--', ...(hasProfile ? WITH_PROFILE : [])];
  const wanted = ['tini', ...packages].join(' ');
  const user = `${CONTAINER_USER}:${CONTAINER_USER}`;
  return [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Docker's
    'FROM ${BASE}',
    ...setup.map(run),
    '# tini is the init: SIGTERM reaches all of the app, which then ends with 143, as on Heroku.',
    `RUN dpkg -s ${wanted} >/dev/null 2>&1 || { apt-get update && \\`,
    `    apt-get install -y --no-install-recommends ${wanted} && rm -rf /var/lib/apt/lists/*; }`,
    `RUN useradd --uid ${CONTAINER_USER} --user-group --home-dir /app --no-create-home dyno && install -d -o dyno -g dyno /app`,
    'WORKDIR /app',
    `COPY --from=build --chown=${user} /app /app`,
    ...envLines({ HOME: '/app', PORT: String(CONTAINER_PORT), ...sizeEnv, ...env }),
    ...pathLine(path),
    `USER ${user}`,
    `EXPOSE ${CONTAINER_PORT}`,
    `ENTRYPOINT ${JSON.stringify(init)}`,
    ...(command === undefined ? [] : [`CMD ${JSON.stringify(['bash', '-c', command])}`]),
  ];
}

function run(command: string): string {
  return `RUN ${command}`;
}

function envLines(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => `ENV ${name}=${quoted(value)}`);
}

function pathLine({ before, behind }: Recipe['path']): readonly string[] {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Docker's
  return [`ENV PATH=${[...before, '${PATH}', ...behind].join(':')}`];
}

/** A value as Docker reads it back. https://docs.docker.com/reference/dockerfile/#environment-replacement */
export function quoted(value: string): string {
  return /^[\w./:,=+@%*-]+$/.test(value) ? value : `"${value.replace(/["\\$]/g, '\\$&')}"`;
}
