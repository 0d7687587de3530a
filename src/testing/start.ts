import { systemClock } from '../base/clock.js';
import { startContainment } from '../dynos/contain/index.js';
import type { NewApp } from '../host/host.js';
import { refuseAborted } from './abort.js';
import { readOptions, type TestAppOptions } from './options.js';
import type { TestApp } from './test-app.js';

/** The process that runs an app under test. */
export interface TestProcess {
  /** The dynos' environment, in addition to their config vars. */
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WriteStream;
  /** What the options of the library do not say. */
  readonly settings?: Partial<Pick<NewApp, 'name' | 'buildpackEnv' | 'hasDynoMetadata'>> | undefined;
}

/**
 * Starts an app under test: in a host of its own, which other processes do not find.
 * @throws UserError `BAD_OPTION`, `DYNO_CRASHED`, `ABORTED`, or about an invalid Procfile or env file
 */
export async function startTestApp(options: TestAppOptions, world: TestProcess): Promise<TestApp> {
  const { env } = world;
  const settings = readOptions(options);
  refuseAborted(settings.signal);
  // First: this starts another process, which gets ready while this one loads the rest.
  const containment = startContainment({
    platform: process.platform,
    path: env.PATH ?? '',
    portable: env.DYNOSIM_PORTABLE === '1',
    clock: systemClock,
  });
  const { openTestApp } = await import('./open-app.js');
  return openTestApp(settings, { ...world, containment });
}
