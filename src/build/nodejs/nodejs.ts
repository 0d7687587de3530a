import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { textOf } from '../../config/folder.js';
import { DEFAULT_PROCFILE } from '../../config/resolve-procfile.js';
import type { Builder, BuilderApp, Plan } from '../buildpack.js';
import { fail } from '../step.js';
import { readNodeFacts } from './facts.js';
import { planNode } from './plan.js';
import { invalidPackageJson } from './refusals.js';

/** heroku/nodejs. https://devcenter.heroku.com/articles/nodejs-support */
export const nodejs: Builder = {
  plan,
  exports: ({ dir, env }) => ({ PATH: `${env.PATH}:${join(dir, 'node_modules/.bin')}` }),
  async release(dir) {
    const isTool = /^\s*mcp.*:/m.test(textOf(join(dir, DEFAULT_PROCFILE)));
    return { processTypes: isTool ? {} : { web: 'npm start' }, configVars: {} };
  },
};

async function plan(app: BuilderApp): Promise<Plan> {
  try {
    return planNode(await readNodeFacts(app));
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'PACKAGE_JSON_NOT_JSON') throw error;
    return { env: app.env, steps: [fail(invalidPackageJson(error.message))] };
  }
}
