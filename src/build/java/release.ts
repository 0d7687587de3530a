/** What a built Java app runs. https://devcenter.heroku.com/articles/java-support#default-web-process-type */

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { textOf } from '../../config/folder.js';
import { DEFAULT_PROCFILE } from '../../config/resolve-procfile.js';
import type { BuildpackRelease } from '../buildpack.js';

/** The frameworks whose apps run by their jar, what tells of them in a build file, and their property for the port. */
const FRAMEWORKS = {
  quarkus: { sign: /io\.quarkus/, port: 'quarkus.http.port' },
  'spring-boot': { sign: /spring-boot/, port: 'server.port' },
  'wildfly-swarm': { sign: /wildfly-swarm/, port: 'swarm.http.port' },
  micronaut: { sign: /micronaut/, port: 'micronaut.server.port' },
} as const;

type Framework = keyof typeof FRAMEWORKS;

export function frameworkOf(dir: string): Framework | undefined {
  const files = ['pom.xml', 'build.gradle', 'build.gradle.kts', 'settings.gradle'];
  const text = files.map((file) => textOf(join(dir, file))).join('\n');
  const all: readonly Framework[] = ['quarkus', 'spring-boot', 'wildfly-swarm', 'micronaut'];
  return all.find((name) => FRAMEWORKS[name].sign.test(text));
}

/** @param jars the folder of the app that the build puts its jars into */
export function releaseOf(dir: string, jars: 'target' | 'build/libs'): BuildpackRelease {
  const framework = existsSync(join(dir, DEFAULT_PROCFILE)) ? undefined : frameworkOf(dir);
  const jar = framework === 'quarkus' ? quarkusJar(dir, jars) : largestJar(dir, jars);
  if (framework === undefined || jar === undefined) return { processTypes: {}, configVars: {} };
  const web = `java -D${FRAMEWORKS[framework].port}=$PORT $JAVA_OPTS -jar ${jar}`;
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
