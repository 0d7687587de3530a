/** Suggests a Procfile's `web` command from the files in an app's folder. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../base/read.js';
import { textOf } from './folder.js';

/** A kind of app. It is one if all that its row names is there. */
interface Row {
  readonly files?: readonly string[];
  /** A Python package that the app requires. */
  readonly requires?: string;
  /** `{main}`, `{module}` and `{project}` stand for what is found in the folder. */
  readonly web: string;
}

/** The first that fits. In Heroku's order of languages, the surer signs of each first. */
const ROWS: readonly Row[] = [
  { files: ['Gemfile', 'bin/rails'], web: 'bin/rails server -p $PORT' },
  { files: ['Gemfile', 'config.ru'], web: 'bundle exec rackup config.ru -p $PORT' },
  { files: ['Gemfile', 'app.rb'], web: 'bundle exec ruby app.rb -p $PORT' },
  { web: 'node {main}' },
  { files: ['manage.py'], requires: 'gunicorn', web: 'gunicorn {project}.wsgi' },
  { files: ['manage.py'], web: 'python manage.py runserver 0.0.0.0:$PORT' },
  { requires: 'uvicorn', web: 'uvicorn {module}:app --host 0.0.0.0 --port $PORT' },
  { requires: 'gunicorn', web: 'gunicorn {module}:app' },
  { requires: 'flask', web: 'flask --app {module} run --host 0.0.0.0 --port $PORT' },
  { files: ['requirements.txt'], web: 'python {module}.py' },
  { files: ['pyproject.toml'], web: 'python {module}.py' },
  { files: ['pom.xml'], web: 'java -jar target/*.jar' },
  { files: ['build.gradle'], web: 'java -jar build/libs/*.jar' },
  { files: ['composer.json'], web: 'php -S 0.0.0.0:$PORT' },
  { files: ['index.php'], web: 'php -S 0.0.0.0:$PORT' },
  { files: ['go.mod'], web: 'go run .' },
];

/**
 * A command for `web` that probably starts the app.
 * @param main the `main` of its package.json
 * @returns undefined if the folder does not tell
 */
export function suggestWeb(dir: string, main?: string): string | undefined {
  const has = (name: string): boolean => existsSync(join(dir, name));
  const packages = pythonPackages(dir);
  const found: Readonly<Record<string, string | undefined>> = {
    main: [main ?? 'server.js', 'server.js', 'app.js', 'index.js'].find(has),
    module: ['app', 'main', 'server', 'wsgi'].find((name) => has(`${name}.py`)),
    project: namesIn(dir).find((name) => has(`${name}/wsgi.py`)),
  };
  for (const { files = [], requires = '', web } of ROWS) {
    const command = web.replace(/\{(\w+)\}/g, (placeholder, name: string) => found[name] ?? placeholder);
    const isComplete = !command.includes('{');
    if (isComplete && files.every(has) && packages.includes(requires)) return command;
  }
  return undefined;
}

/** The usual lists of dependencies, as text to search. */
function pythonPackages(dir: string): string {
  const files = ['requirements.txt', 'Pipfile', 'pyproject.toml'].map((name) => join(dir, name));
  return files.map(textOf).join('\n').toLowerCase();
}
