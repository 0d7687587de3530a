import { javaFrameworkIn } from '../java-frameworks.js';
import { type AppFolder, type Proposal, propose } from './proposal.js';

/** https://devcenter.heroku.com/articles/java-support#default-web-process-type */
export function proposeJava(app: AppFolder): Proposal | undefined {
  // The jars of other build tools have names that only a build tells.
  const framework = app.has('pom.xml') ? javaFrameworkIn(app.text('pom.xml')) : undefined;
  if (framework === undefined) return undefined;
  const { name, portProperty } = framework;
  const jar = name === 'quarkus' ? 'target/quarkus-app/quarkus-run.jar' : 'target/*.jar';
  const command = `java -D${portProperty}=$PORT $JAVA_OPTS -jar ${jar}`;
  const remark = `Heroku builds the jar. To have it here: ${app.has('mvnw') ? './mvnw' : 'mvn'} package`;
  return propose([{ type: 'web', command, why: `pom.xml has ${name}` }], remark);
}
