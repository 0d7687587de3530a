import { delimiter, join } from 'node:path';
import type { Builder, BuilderApp } from '../buildpack.js';
import { decide } from '../step.js';
import { readPythonFacts } from './facts.js';
import { PYTHON_DIR, planPython, pythonHook } from './plan.js';

/** heroku/python. https://devcenter.heroku.com/articles/python-support */
export const python: Builder = {
  async plan(app) {
    // The hook may make what a build looks at.
    const rest = decide(async () => planPython(app, await readPythonFacts(app)));
    return { env: buildEnv(app), steps: [...pythonHook(app.dir, 'bin/pre_compile'), rest] };
  },
  exports: ({ dir, env }) => ({ PATH: `${join(dir, PYTHON_DIR, 'bin')}${delimiter}${env.PATH}` }),
};

function buildEnv({ dir, env }: BuilderApp): Record<string, string> {
  const own = join(dir, PYTHON_DIR);
  const { PYTHONHOME: _, PYTHONPATH: __, ...rest } = env;
  return {
    // Without network each further one costs seconds.
    PIP_RETRIES: '1',
    ...rest,
    PATH: `${join(own, 'bin')}${delimiter}${env.PATH}`,
    PYTHONUNBUFFERED: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    // pipenv and poetry install into what is active.
    VIRTUAL_ENV: own,
    UV_PROJECT_ENVIRONMENT: own,
  };
}
