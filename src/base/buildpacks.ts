/**
 * The programs that Heroku's buildpacks provide and that other machines often lack.
 * https://devcenter.heroku.com/articles/buildpacks
 */
const PROGRAMS: Readonly<Record<string, string>> = {
  'heroku/nodejs': 'node npm npx yarn pnpm corepack',
  'heroku/ruby': 'ruby bundle bundler gem rake rails rackup puma sidekiq unicorn',
  'heroku/python':
    'python python3 pip uv poetry gunicorn uvicorn hypercorn daphne waitress-serve celery flask django-admin streamlit rq',
  'heroku/php': 'php composer heroku-php-apache2 heroku-php-nginx vendor/bin/heroku-php-apache2',
  'heroku/java': 'java javac mvn mvnw',
  'heroku/gradle': 'gradle gradlew',
  'heroku/scala': 'sbt scala',
  'heroku/clojure': 'lein clojure',
  'heroku/go': 'go',
  'heroku/dotnet': 'dotnet',
  'heroku-community/nginx': 'bin/start-nginx nginx',
  'heroku/pgbouncer': 'bin/start-pgbouncer pgbouncer',
};

/** The buildpack that provides a program, if known. */
export function buildpackOf(program: string): string | undefined {
  return Object.keys(PROGRAMS).find((buildpack) => PROGRAMS[buildpack]?.split(' ').includes(program));
}

/** The forms in which a buildpack of Heroku's registry is set, with its name. */
const NAMED_FORMS = [
  /^(?:urn:buildpack:)?([\w-]+\/[\w-]+)$/,
  /^https:\/\/buildpack-registry\.s3\.amazonaws\.com\/buildpacks\/([\w-]+\/[\w-]+)\.tgz$/,
  /^https:\/\/github\.com\/(heroku\/)heroku-buildpack-([a-z]+)(?:\.git)?(?:#.*)?$/,
];

/** The name of a buildpack as users set it, such as its URL; one without a name stays as it is. */
export function buildpackName(setting: string): string {
  for (const form of NAMED_FORMS) {
    const parts = form.exec(setting);
    if (parts) return parts.slice(1).join('');
  }
  return setting;
}

/** Where Heroku's registry keeps a buildpack. Heroku's CLI turns this URL back into the name. */
export function registryUrl(name: string): string {
  return `https://buildpack-registry.s3.amazonaws.com/buildpacks/${name}.tgz`;
}

/** What a push says if no buildpack takes the app. */
export const NO_LANGUAGE = 'No default language could be detected for this app';
