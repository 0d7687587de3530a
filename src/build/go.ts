import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { namesIn } from '../base/read.js';
import { textOf } from '../config/folder.js';
import { goModule } from '../config/go-module.js';
import { DEFAULT_PROCFILE } from '../config/resolve-procfile.js';
import type { Builder, BuilderApp } from './buildpack.js';
import { failure, missing } from './failure.js';
import { hook } from './hook.js';
import { block, details, heading } from './lines.js';
import { decide, type Failure, fail, print, run, type Step } from './step.js';

/** heroku/go. https://devcenter.heroku.com/articles/go-support */
export const go: Builder = {
  async plan(app) {
    const env = buildEnv(app);
    const { status, stdout } = await app.ask(['go', 'env', 'GOVERSION'], env);
    const version = status === 0 ? stdout.trim() : undefined;
    return { env, steps: planGo(app, { env, version, mod: textOf(join(app.dir, 'go.mod')) }) };
  },
};

function buildEnv({ dir, env }: BuilderApp): Record<string, string> {
  // Another version of go than that of this machine would have to be downloaded.
  return { ...env, GOBIN: join(dir, 'bin'), GOTOOLCHAIN: 'local' };
}

interface GoFacts {
  readonly env: Readonly<Record<string, string>>;
  /** `go1.25.0`; undefined if this machine has none. */
  readonly version: string | undefined;
  /** The text of go.mod. */
  readonly mod: string;
}

function planGo(app: BuilderApp, facts: GoFacts): readonly Step[] {
  const { version, mod } = facts;
  if (mod === '') return [fail(failure(NO_GO_MOD))];
  if (version === undefined) return [fail(NO_GO)];
  const asked =
    /^\/\/ \+heroku goVersion (\S+)/m.exec(mod)?.[1] ?? `go${/^go\s+(\S+)/m.exec(mod)?.[1] ?? ''}`;
  const isOther = asked !== 'go' && !`${version}.`.startsWith(`${asked}.`);
  return [
    print(heading('Detected go modules via go.mod'), heading(`Detected Module Name: ${goModule(mod)}`)),
    print(heading(`Using ${version} of this machine${isOther ? ` (${asked} was asked for)` : ''}`)),
    print(heading('Determining packages to install')),
    decide(() => install(app, facts)),
  ];
}

async function install(app: BuilderApp, facts: GoFacts): Promise<readonly Step[]> {
  const { env, mod } = facts;
  const isVendored = existsSync(join(app.dir, 'vendor')) && existsSync(join(app.dir, 'go.sum'));
  const { GO_LINKER_SYMBOL: symbol, GO_LINKER_VALUE: value } = env;
  const flags = [
    '-tags',
    'heroku',
    ...(symbol && value ? ['-ldflags', `-X ${symbol}=${value}`] : []),
    ...(isVendored ? ['-mod=vendor'] : []),
  ];
  const named = env.GO_INSTALL_PACKAGE_SPEC ?? /^\/\/ \+heroku install (.+)/m.exec(mod)?.[1];
  const mains = await mainPackages(app, flags, env);
  const packages = named?.trim().split(/\s+/) ?? (mains.length > 0 ? mains : ['.']);
  const before = programs(app.dir);
  return [
    ...(named === undefined && mains.length > 0
      ? [print(heading('Detected the following main packages to install:'), details(...mains))]
      : []),
    ...goHook(app.dir, 'bin/go-pre-compile'),
    run(['go', 'install', '-v', ...flags, ...packages], GO_FAILURES, {
      heading: heading(`Running: go install -v ${flags.join(' ')} ${packages.join(' ')}`),
    }),
    ...goHook(app.dir, 'bin/go-post-compile'),
    decide(async () => {
      const made = [...programs(app.dir)].filter(([name, time]) => before.get(name) !== time);
      return [
        print(
          heading('Installed the following binaries:'),
          details(...made.map(([name]) => `./bin/${name}`)),
        ),
      ];
    }),
    ...procfile(app, mains),
    { does: 'write', file: '.profile.d/go.sh', text: 'PATH="$PATH:$HOME/bin"\n' },
  ];
}

async function mainPackages(
  app: BuilderApp,
  flags: readonly string[],
  env: GoFacts['env'],
): Promise<readonly string[]> {
  const template = '{{ if eq .Name "main" }}{{.ImportPath}}{{ end }}';
  const { stdout } = await app.ask(['go', 'list', '-find', ...flags, '-f', template, './...'], env);
  return stdout.split('\n').filter((line) => line !== '');
}

/** The files in `bin/`, and when each was last written. */
function programs(dir: string): ReadonlyMap<string, number> {
  const bin = join(dir, 'bin');
  return new Map(namesIn(bin).map((name) => [name, statSync(join(bin, name)).mtimeMs]));
}

function goHook(dir: string, file: string): readonly Step[] {
  return hook(dir, file, failure(`Error: Failed to run the ${file} script.`));
}

/** https://devcenter.heroku.com/articles/go-support#default-procfile */
function procfile({ dir }: BuilderApp, mains: readonly string[]): readonly Step[] {
  if (mains.length === 0 || existsSync(join(dir, DEFAULT_PROCFILE))) return [];
  const names = mains.map((main) => basename(main));
  const lines = names.map((name) => `${names.length === 1 ? 'web' : name}: bin/${name}`);
  return [
    print(
      heading('Created a Procfile with the following entries:'),
      details(...lines),
      block(CHECK_PROCFILE),
    ),
    { does: 'write', file: DEFAULT_PROCFILE, text: `${lines.join('\n')}\n` },
  ];
}

const CHECK_PROCFILE = `If these entries look incomplete or incorrect please create a
Procfile with the required entries.
See https://devcenter.heroku.com/articles/procfile for more details about Procfiles`;

const NO_GO_MOD = `Error: A go.mod file is required.

Go modules (go.mod) is now the only supported dependency
management solution on Heroku.

To migrate, run 'go mod init <module-name>' in your project
directory and commit the resulting go.mod file.

For more details see:
https://devcenter.heroku.com/articles/go-modules`;

const NO_GO = missing('Go', 'there is no go in PATH', 'apt-get install golang-go');

const GO_FAILURES: readonly Failure[] = [
  {
    says: /dial tcp|proxyconnect|no such host|i\/o timeout/,
    text: '\n',
    remedy: 'The modules could not be fetched. Without network, keep them in the app: go mod vendor',
  },
  {
    says: /go\.mod requires go >=|invalid go version/,
    text: '\n',
    remedy: 'Install the Go that go.mod asks for, or ask for one that is here.',
  },
  { text: '\n' },
];
