/** dynosim's own builders in the place of Heroku's buildpacks, which would download what they build with. */

import { registryUrl } from '../base/buildpacks.js';
import { findProgram } from '../base/find-program.js';
import { namesIn } from '../base/read.js';
import { buildpacksFor, type HerokuBuildpack, LANGUAGES } from '../config/languages.js';
import type { Builder, BuilderApp, Buildpack, BuildSite } from './buildpack.js';
import { builderEnv } from './environment.js';
import { go } from './go.js';
import { gradle, java } from './java/java.js';
import { block } from './lines.js';
import { nodejs } from './nodejs/nodejs.js';
import { php } from './php.js';
import { python } from './python/python.js';
import { ruby } from './ruby/ruby.js';

const BUILDERS: Partial<Readonly<Record<HerokuBuildpack, Builder>>> = {
  'heroku/nodejs': nodejs,
  'heroku/python': python,
  'heroku/go': go,
  'heroku/ruby': ruby,
  'heroku/java': java,
  'heroku/gradle': gradle,
  'heroku/php': php,
};

/** One of Heroku's buildpacks; undefined if dynosim has no builder for it. */
export function builtIn(name: HerokuBuildpack): Buildpack | undefined {
  const builder = BUILDERS[name];
  const row = LANGUAGES.find(({ buildpack }) => buildpack === name);
  return builder && row && asBuildpack(row, builder);
}

function asBuildpack({ buildpack, name }: (typeof LANGUAGES)[number], builder: Builder): Buildpack {
  return {
    name: buildpack,
    url: registryUrl(buildpack),
    async detect({ dir }) {
      if (buildpacksFor(dir).includes(buildpack)) return { app: name };
      return { refusal: block(refusal(name, dir)) };
    },
    async compile(site) {
      const app = appOf(site);
      const { env, steps } = await builder.plan(app);
      await site.executor.carryOut(steps, { dir: app.dir, env });
      for (const [key, value] of Object.entries(builder.exports?.(app) ?? {})) site.exported.set(key, value);
    },
    release: async ({ dir }) => (await builder.release?.(dir)) ?? { processTypes: {}, configVars: {} },
  };
}

function appOf(site: BuildSite): BuilderApp {
  const { dir, cacheDir, configVars, executor } = site;
  const env = { ...builderEnv(site), ...Object.fromEntries(site.exported) };
  return {
    dir,
    cacheDir,
    configVars,
    env,
    has: (program) => findProgram(program, env.PATH ?? '') !== undefined,
    ask: (command, all = env) => executor.ask(command, { dir, env: all }),
  };
}

function refusal(name: string, dir: string): string {
  const names = namesIn(dir).join('\n');
  return `Error: Your app is configured to use the ${name} buildpack,
but we couldn't find any supported ${name} project files.

Currently the root directory of your app contains:

${names}`;
}
