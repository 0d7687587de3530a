/** What a built Java app runs. https://devcenter.heroku.com/articles/java-support#default-web-process-type */

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { textOf } from '../../config/folder.js';
import { type JavaFramework, javaFrameworkIn } from '../../config/java-frameworks.js';
import { DEFAULT_PROCFILE } from '../../config/resolve-procfile.js';
import type { BuildpackRelease } from '../buildpack.js';

export function frameworkOf(dir: string): JavaFramework | undefined {
  const files = ['pom.xml', 'build.gradle', 'build.gradle.kts', 'settings.gradle'];
  return javaFrameworkIn(files.map((file) => textOf(join(dir, file))).join('\n'));
}

/** @param jars the folder of the app that the build puts its jars into */
export function releaseOf(dir: string, jars: 'target' | 'build/libs'): BuildpackRelease {
  const framework = existsSync(join(dir, DEFAULT_PROCFILE)) ? undefined : frameworkOf(dir);
  const jar = framework?.name === 'quarkus' ? quarkusJar(dir, jars) : largestJar(dir, jars);
  if (framework === undefined || jar === undefined) return { processTypes: {}, configVars: {} };
  const web = `java -D${framework.portProperty}=$PORT $JAVA_OPTS -jar ${jar}`;
  return { processTypes: { web }, configVars: {} };
}

function quarkusJar(dir: string, jars: string): string | undefined {
  const jar = `${jars.split('/')[0]}/quarkus-app/quarkus-run.jar`;
  return existsSync(join(dir, jar)) ? jar : undefined;
}

function largestJar(dir: string, jars: string): string | undefined {
  const runnable = namesIn(join(dir, jars)).filter((name) => /(?<!plain|sources|javadoc)\.jar$/.test(name));
  const sized = runnable.map((name) => ({ name, size: statSync(join(dir, jars, name)).size }));
  const [largest] = sized.sort((a, b) => b.size - a.size);
  return largest && `${jars}/${largest.name}`;
}
