import { UserError } from '../base/errors.js';
import { Transcript } from '../base/transcript.js';
import type { OneOffs } from './one-offs.js';
import type { Release } from './releases.js';

/**
 * The postdeploy script of an app.json. It runs once: when the first code of the app is live.
 * https://devcenter.heroku.com/articles/app-json-schema#scripts
 */
export interface Postdeploy {
  /** What it prints. */
  readonly output: Transcript;
  /** Resolves when it has ended: undefined, or why it failed. */
  readonly failure: Promise<string | undefined>;
}

/** Starts it in a one-off dyno. */
export function runPostdeploy(command: string, release: Release, oneOffs: OneOffs): Postdeploy {
  const output = new Transcript();
  const run = async (): Promise<string | undefined> => {
    try {
      const { status } = await oneOffs.runToEnd('run', release, command, output);
      if (status !== 0) return `its exit status is ${status}`;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.message;
    } finally {
      output.end();
    }
    return undefined;
  };
  return { output, failure: run() };
}

export function describeFailure(why: string): string {
  return `the postdeploy script of app.json failed: ${why}. Run it again with "dynosim run"`;
}
