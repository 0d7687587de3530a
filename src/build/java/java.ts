import type { Builder, BuilderApp } from '../buildpack.js';
import { missing } from '../failure.js';
import { heading } from '../lines.js';
import { fail, print, type Step } from '../step.js';
import { planGradle } from './gradle.js';
import { planMaven } from './maven.js';
import { PROFILE } from './profile.js';
import { releaseOf } from './release.js';

/** heroku/java. https://devcenter.heroku.com/articles/java-support */
export const java: Builder = {
  async plan(app) {
    const env = { ...app.env, MAVEN_OPTS: `-Xmx1024m ${app.env.MAVEN_JAVA_OPTS ?? ''}`.trim() };
    return { env, steps: await withJdk(app, planMaven(app)) };
  },
  release: async (dir) => releaseOf(dir, 'target'),
};

/** heroku/gradle. https://devcenter.heroku.com/articles/deploying-gradle-apps-on-heroku */
export const gradle: Builder = {
  plan: async (app) => ({ env: app.env, steps: await withJdk(app, planGradle(app)) }),
  release: async (dir) => releaseOf(dir, 'build/libs'),
};

/** The steps of a build with the JDK of this machine. */
async function withJdk(app: BuilderApp, steps: readonly Step[]): Promise<readonly Step[]> {
  const { status, stdout, stderr } = await app.ask(['javac', '-version']);
  const version = /\d+(?:\.\d+)*/.exec(stdout + stderr)?.[0];
  if (status !== 0 || version === undefined)
    return [fail(missing('OpenJDK', 'there is no javac in PATH', 'apt-get install default-jdk-headless'))];
  return [
    print(heading(`Using OpenJDK ${version} of this machine`)),
    ...steps,
    { does: 'write', file: '.profile.d/jvmcommon.sh', text: PROFILE },
  ];
}
