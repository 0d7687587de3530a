/** Images of Java apps. https://devcenter.heroku.com/articles/java-support */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { frameworkTask } from '../../build/java/gradle.js';
import { textOf } from '../../config/folder.js';
import { EMPTY, type Recipe, type RecipeApp } from './recipe.js';

/** For apps that ask for none. */
const DEFAULT_JAVA = '21';

export function mavenRecipe(app: RecipeApp): Recipe {
  const { configVars } = app;
  const hasWrapper = existsSync(join(app.dir, 'mvnw'));
  const java = javaVersion(app);
  const settings = configVars.get('MAVEN_SETTINGS_PATH');
  const options = configVars.get('MAVEN_CUSTOM_OPTS') ?? '-DskipTests';
  const goals = configVars.get('MAVEN_CUSTOM_GOALS') ?? 'clean dependency:list install';
  const program = hasWrapper ? 'sh ./mvnw' : 'mvn';
  return {
    ...EMPTY,
    language: 'java',
    base: `eclipse-temurin:${java}-jre`,
    buildBase: hasWrapper ? `eclipse-temurin:${java}` : `maven:3-eclipse-temurin-${java}`,
    settings: ['MAVEN_OPTS', 'MAVEN_ARGS'],
    build: [
      `${program} -B -DoutputFile=target/mvn-dependency-list.log${settings ? ` -s ${settings}` : ''} ${options} ${goals}`,
    ],
  };
}

export function gradleRecipe(app: RecipeApp): Recipe {
  const java = javaVersion(app);
  return {
    ...EMPTY,
    language: 'java',
    base: `eclipse-temurin:${java}-jre`,
    buildBase: `eclipse-temurin:${java}`,
    settings: ['GRADLE_OPTS', 'JAVA_OPTS'],
    build: [
      `sh ./gradlew --no-daemon ${app.configVars.get('GRADLE_TASK') ?? gradleTask(app)}`,
      'rm -rf .gradle',
    ],
  };
}

/** As the builder chooses it, but for a task named `stage`, which only Gradle could find in what a script includes. */
function gradleTask({ dir }: RecipeApp): string {
  const scripts = ['build.gradle', 'build.gradle.kts'].map((file) => textOf(join(dir, file))).join('\n');
  return /\bstage\b/.test(scripts) ? 'stage' : frameworkTask(dir);
}

function javaVersion({ dir }: RecipeApp): string {
  const properties = textOf(join(dir, 'system.properties'));
  const asked = /^\s*java\.runtime\.version\s*[=:]\s*(?:[a-z]+-)?(?:1\.(?=8))?(\d+)/m.exec(properties);
  return asked?.[1] ?? DEFAULT_JAVA;
}
