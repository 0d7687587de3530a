import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BuilderApp } from '../buildpack.js';
import { failure, missing } from '../failure.js';
import { details, heading } from '../lines.js';
import { type Failure, fail, run, type Step } from '../step.js';

/** https://devcenter.heroku.com/articles/java-support#build-behavior */
export function planMaven(app: BuilderApp): readonly Step[] {
  const hasWrapper = existsSync(join(app.dir, 'mvnw'));
  if (!hasWrapper && !app.has('mvn'))
    return [
      fail(missing('Maven', 'there is no mvn in PATH, and no mvnw in the app', 'apt-get install maven')),
    ];
  const program = hasWrapper ? './mvnw' : 'mvn';
  const { MAVEN_CUSTOM_OPTS = '-DskipTests', MAVEN_CUSTOM_GOALS = 'clean dependency:list install' } = app.env;
  const settings = app.env.MAVEN_SETTINGS_PATH;
  const words = `${MAVEN_CUSTOM_OPTS} ${MAVEN_CUSTOM_GOALS}`.trim().split(/\s+/);
  return [
    ...(hasWrapper ? [run(['chmod', '+x', program], [])] : []),
    run(
      [
        program,
        '-DoutputFile=target/mvn-dependency-list.log',
        '-B',
        ...(settings ? ['-s', settings] : []),
        ...words,
      ],
      FAILURES,
      {
        heading: heading('Executing Maven') + details(`$ ${program} ${words.join(' ')}`),
      },
    ),
  ];
}

const FAILED = failure(`Error: Maven build failed.

An error occurred during the Maven build process. This usually
indicates an issue with your application's dependencies, configuration,
or source code.

First, check the build output above for specific error messages
from Maven that might indicate what went wrong. Common issues include:

- Missing or incompatible dependencies in your POM
- Compilation errors in your application source code
- Test failures (if tests are enabled during the build)
- Invalid Maven configuration or settings
- Using an incompatible OpenJDK version for your project

If you're unable to determine the cause from the Maven output,
try building your application locally with the same Maven command
to reproduce and debug the issue.`);

const FAILURES: readonly Failure[] = [
  {
    ...FAILED,
    says: /Could not transfer|failed to transfer|Unknown host|Connection refused|Temporary failure in name resolution|Connect timed out|Network is unreachable/i,
    remedy:
      'The repository could not be reached. Without network, what is in ~/.m2 is used: heroku config:set MAVEN_CUSTOM_OPTS="-o -DskipTests"',
  },
  FAILED,
];
