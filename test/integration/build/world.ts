import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { type BuildOutcome, type BuildRequest, buildSlug } from '../../../src/build/build.js';
import { type Containment, startContainment } from '../../../src/dynos/contain/index.js';
import { makeFolder } from '../../helpers/folder.js';

/** A build that is over: what it came to, and what it printed. */
export interface TestBuild {
  readonly dir: string;
  readonly outcome: BuildOutcome;
  readonly output: string;
}

export interface TestBuildOptions extends Partial<Omit<BuildRequest, 'configVars'>> {
  readonly configVars?: Readonly<Record<string, string>>;
  readonly onOutput?: (output: string) => void;
}

/** Builds an app of these files. */
export async function buildApp(
  files: Readonly<Record<string, string | Uint8Array>>,
  { configVars = {}, onOutput = () => {}, ...request }: TestBuildOptions = {},
): Promise<TestBuild> {
  const { dir = makeFolder(files) } = request;
  let output = '';
  const outcome = await buildSlug(
    {
      dir,
      cacheDir: makeFolder(),
      buildpacks: [],
      configVars: new Map(Object.entries(configVars)),
      sourceVersion: 'e83c5163316f89bfbde7d9ab23ca2e25604af290',
      // The caches of whoever runs the tests are none of theirs.
      shell: { ...process.env, HOME: makeFolder() },
      signal: new AbortController().signal,
      ...request,
    },
    (text) => {
      output += text;
      onOutput(output);
    },
    { containment: await makeContainment(), clock: systemClock },
  );
  return { dir, outcome, output };
}

async function makeContainment(): Promise<Containment> {
  const containment = await startContainment({
    platform: process.platform,
    path: process.env.PATH ?? '',
    portable: false,
    clock: systemClock,
  });
  onTestFinished(() => containment.close());
  return containment;
}
