import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BuilderApp } from '../buildpack.js';
import { failure } from '../failure.js';
import { details, heading } from '../lines.js';
import { decide, type Failure, fail, run, type Step } from '../step.js';
import { frameworkOf } from './release.js';

/** https://devcenter.heroku.com/articles/deploying-gradle-apps-on-heroku */
export function planGradle(app: BuilderApp): readonly Step[] {
  if (!existsSync(join(app.dir, 'gradlew'))) return [fail(failure(NO_WRAPPER))];
  return [
    run(['chmod', '+x', 'gradlew'], []),
    decide(async () => {
      const task = app.env.GRADLE_TASK ?? (await chooseTask(app));
      // The daemon would end with the command that has started it.
      const command = ['./gradlew', '--no-daemon', ...task.split(/\s+/)] as const;
      return [
        run(command, FAILURES, { heading: heading('Executing Gradle') + details(`$ ./gradlew ${task}`) }),
      ];
    }),
  ];
}

async function chooseTask(app: BuilderApp): Promise<string> {
  const { stdout } = await app.ask(['./gradlew', '--no-daemon', '-q', 'tasks', '--all']);
  if (/^stage(?:$| )/m.test(stdout)) return 'stage';
  return frameworkTask(app.dir);
}

/** The task for an app without one named `stage`. */
export function frameworkTask(dir: string): string {
  switch (frameworkOf(dir)?.name) {
    case 'spring-boot':
    case 'quarkus':
      return 'build -x check';
    case 'micronaut':
      return 'shadowJar -x check';
    default:
      return 'stage';
  }
}

const NO_WRAPPER = `Error: Gradle Wrapper is missing.

The Gradle Wrapper (gradlew) is required to build your application on Heroku.
This ensures that your application builds with the same version of Gradle
that you use during development. Projects are required to include
their own Wrapper for reliable, reproducible builds.

To fix this issue, run this command in your project directory
locally and commit the generated files:
$ gradle wrapper

If you don't have Gradle installed locally, you can install it first:
https://gradle.org/install/

For more information about Gradle Wrapper, see:
https://docs.gradle.org/current/userguide/gradle_wrapper.html
https://devcenter.heroku.com/articles/deploying-gradle-apps-on-heroku`;

const FAILED = failure(`Error: Gradle build failed.

An error occurred during the Gradle build process. This usually
indicates an issue with your application's dependencies, configuration,
or source code.

To troubleshoot this issue:
1. Try building your application locally with the same Gradle command
2. Check that your gradlew script works locally: ./gradlew build
3. Verify your Java version is compatible with your project

If the error persists, check the documentation:
https://docs.gradle.org/current/userguide/troubleshooting.html
https://devcenter.heroku.com/articles/deploying-gradle-apps-on-heroku`);

const FAILURES: readonly Failure[] = [
  {
    ...failure(`Error: Gradle task not found.

To see all available tasks in your project, run locally:
$ ./gradlew tasks

If you're setting GRADLE_TASK as an environment variable, make sure
it contains a valid task name for your project.

For more information about Gradle tasks, see:
https://docs.gradle.org/current/userguide/more_about_tasks.html`),
    says: /Task '[^']*' not found in root project/,
  },
  {
    ...FAILED,
    says: /UnknownHostException|ConnectException|Connection refused|Connect timed out/,
    remedy:
      'Gradle or a dependency could not be downloaded. Without network, build the app once by yourself: what that downloads is used.',
  },
  FAILED,
];
