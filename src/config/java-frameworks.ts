/** The Java frameworks whose apps run by their jar, what tells of them in a build file, and their property for the port. */
const FRAMEWORKS = [
  { name: 'quarkus', sign: /io\.quarkus/, portProperty: 'quarkus.http.port' },
  { name: 'spring-boot', sign: /spring-boot/, portProperty: 'server.port' },
  { name: 'wildfly-swarm', sign: /wildfly-swarm/, portProperty: 'swarm.http.port' },
  { name: 'micronaut', sign: /micronaut/, portProperty: 'micronaut.server.port' },
] as const;

export type JavaFramework = (typeof FRAMEWORKS)[number];

/** @param buildFile the text of a pom.xml or build.gradle */
export function javaFrameworkIn(buildFile: string): JavaFramework | undefined {
  return FRAMEWORKS.find(({ sign }) => sign.test(buildFile));
}
