/** Writes a Dockerfile. https://docs.docker.com/reference/dockerfile/ */

import { shellWords } from '../../base/shell-word.js';
import { hasLines } from '../env-file.js';
import { CONFIG_FILE, SIGNATURE } from '../files.js';
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
  /** That of Node.js, which builds the app before. */
  readonly node?: Recipe;
  /** Whether the app needs Node.js where it runs, beside its own language. */
  readonly runsNode: boolean;
  readonly hasProfile: boolean;
  /** Variables that Heroku's buildpack sets for the size of the dynos. */
  readonly sizeEnv: Readonly<Record<string, string>>;
  /** Config vars that the build puts into what browsers get. */
  readonly publicVars: Readonly<Record<string, string>>;
  /** Folders and files of the source that must not be in the image, relative to it. */
  readonly secrets: readonly string[];
  /** What a container runs that is given no command. */
  readonly command: string | undefined;
}

/** The instructions, without a comment that says who wrote them. */
export function dockerfile(image: Image): string {
  const { recipe, node, publicVars } = image;
  const before = node && { stage: 'node', base: 'NODE_BASE', source: SOURCE, recipe: node, publicVars };
  const source = node ? '--from=node /app' : SOURCE;
  const lines = [
    '# --build-arg BASE=IMAGE replaces the image that runs the app, and the one that builds it unless that is named, too.',
    'ARG BASE=',
    buildArg('BUILD_BASE', recipe),
    ...(node ? [buildArg('NODE_BASE', node)] : []),
    '',
    ...sourceStage(image),
    '',
    ...(before ? [...buildStage(before), ''] : []),
    ...buildStage({
      stage: 'build',
      base: 'BUILD_BASE',
      source,
      recipe,
      publicVars,
      hasNode: node !== undefined,
    }),
    '',
    ...runStage(image),
  ];
  return `${lines.join('\n')}\n`;
}

/** The source without what must never be in an image. */
function sourceStage({ secrets }: Image): readonly string[] {
  return [
    from('BUILD_BASE', 'source'),
    'WORKDIR /source',
    'COPY . .',
    '# Old builders do not read Dockerfile.dockerignore. Exported files of other folders have passwords, too.',
    `RUN rm -rf ${shellWords(['.git', 'node_modules', ...secrets])} && find . -name '.env*' -prune -exec rm -rf {} +`,
    `RUN grep -rl --include=${CONFIG_FILE} '^# ${SIGNATURE},' . | while IFS= read -r file; do rm -rf "\${file%/*}"; done`,
  ];
}

function buildArg(name: string, { buildBase }: Recipe): string {
  return `ARG ${name}=\${BASE:-${buildBase}}`;
}

function from(base: string, stage: string): string {
  return `FROM \${${base}} AS ${stage}`;
}

const SOURCE = '--from=source /source';

/** Where Node.js is in the image of another language. */
const NODE_FOLDER = '/opt/node';
const COPY_NODE = `COPY --from=node /usr/local ${NODE_FOLDER}`;

interface BuildStage extends Pick<Image, 'recipe' | 'publicVars'> {
  readonly stage: string;
  /** The argument that names the image. */
  readonly base: string;
  /** Where the app comes from: what `COPY` takes. */
  readonly source: string;
  readonly hasNode?: boolean;
}

function buildStage({
  stage,
  base,
  source,
  recipe,
  publicVars,
  hasNode = false,
}: BuildStage): readonly string[] {
  const { setup, settings, buildEnv, manifests, install, build, path } = recipe;
  const copy = `COPY ${source} ./`;
  const some = `COPY --from=source ${manifests.map((file) => `/source/${file}`).join(' ')} ./`;
  return [
    from(base, stage),
    ...setup.map(run),
    'WORKDIR /app',
    ...(settings.length > 0 ? ['# For the build alone: docker build --build-arg NAME=value'] : []),
    ...settings.map((name) => `ARG ${name}`),
    ...Object.entries(publicVars).map(argLine),
    ...envLines(buildEnv),
    ...pathLine(path, hasNode),
    ...(hasNode ? [COPY_NODE] : []),
    ...(manifests.length > 0 ? [some, ...install.map(run), copy] : [copy, ...install.map(run)]),
    ...build.map(run),
  ];
}

function runStage({ recipe, node, runsNode, hasProfile, sizeEnv, command }: Image): readonly string[] {
  const { setup, env, path, packages } = recipe;
  const init = ['/usr/bin/tini', '-s', '-g', '--', ...(hasProfile ? WITH_PROFILE : [])];
  const wanted = ['tini', ...packages].join(' ');
  const user = `${CONTAINER_USER}:${CONTAINER_USER}`;
  const hasNode = node !== undefined && runsNode;
  return [
    `FROM \${BASE:-${recipe.base}}`,
    ...setup.map(run),
    '# tini is the init: SIGTERM reaches all of the app, which then ends with 143, as on Heroku.',
    `RUN dpkg -s ${wanted} >/dev/null 2>&1 || { apt-get update && \\`,
    `    apt-get install -y --no-install-recommends ${wanted} && rm -rf /var/lib/apt/lists/*; }`,
    `RUN useradd --uid ${CONTAINER_USER} --user-group --home-dir /app --no-create-home dyno && install -d -o dyno -g dyno /app`,
    'WORKDIR /app',
    ...(hasNode ? [COPY_NODE] : []),
    `COPY --from=build --chown=${user} /app /app`,
    ...envLines({ HOME: '/app', PORT: String(CONTAINER_PORT), ...sizeEnv, ...env }),
    ...pathLine(path, hasNode),
    `USER ${user}`,
    `EXPOSE ${CONTAINER_PORT}`,
    `ENTRYPOINT ${JSON.stringify(init)}`,
    ...(command === undefined ? [] : [`CMD ${JSON.stringify(['bash', '-c', command])}`]),
  ];
}

function run(command: string): string {
  return `RUN ${command}`;
}

/** A value of several lines has no place in a Dockerfile: it is to be given to the build. */
function argLine([name, value]: readonly [string, string]): string {
  return hasLines(value) ? `ARG ${name}` : `ARG ${name}=${quoted(value)}`;
}

function envLines(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => `ENV ${name}=${quoted(value)}`);
}

function pathLine({ before, behind }: Recipe['path'], hasNode: boolean): readonly string[] {
  return [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Docker's
    `ENV PATH=${[...before, '${PATH}', ...behind, ...(hasNode ? [`${NODE_FOLDER}/bin`] : [])].join(':')}`,
  ];
}

/** A value as Docker reads it back. https://docs.docker.com/reference/dockerfile/#environment-replacement */
export function quoted(value: string): string {
  return /^[\w./:,=+@%*-]+$/.test(value) ? value : `"${value.replace(/["\\$]/g, '\\$&')}"`;
}
