import { describe, expect, it } from 'vitest';
import { proposeFor } from '../../../../src/config/init/propose.js';
import { parseProcfile } from '../../../../src/procfile/parse.js';
import { makeFolder } from '../../../helpers/folder.js';

type Files = Readonly<Record<string, string>>;

/** The lines of the Procfile that is proposed for a folder of these files. */
function lines(files: Files): readonly string[] {
  const { processes = [] } = proposeFor(makeFolder(files)) ?? {};
  return processes.map(({ type, command }) => `${type}: ${command}`);
}

const scripts = (all: Files, more: object = {}): Files => ({
  'package.json': JSON.stringify({ scripts: all, ...more }),
});

const FLASK = 'from flask import Flask\napp = Flask(__name__)\n';
const MANAGE = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\n";
const DJANGO = { 'manage.py': MANAGE, 'mysite/wsgi.py': '', 'mysite/asgi.py': '' };
const SERVER = 'http.createServer(f).listen(process.env.PORT)';
const PORT = '$' + '{PORT:-5000}';
const MAIN = 'package main\nfunc main() {}\n';

const APPS: readonly [string, Files, string[]][] = [
  [
    'node by its start script',
    scripts({ start: 'node --no-warnings dist/a.js x' }),
    ['web: node --no-warnings dist/a.js x'],
  ],
  ['node by a start script for a shell', scripts({ start: 'node a.js | tee log' }), ['web: npm start']],
  ['node with a prestart script', scripts({ start: 'node a.js', prestart: 'tsc' }), ['web: npm start']],
  ['yarn', { ...scripts({ start: 'next start' }), 'yarn.lock': '' }, ['web: yarn start']],
  ['pnpm', scripts({ start: 'next start' }, { packageManager: 'pnpm@9.0.6' }), ['web: pnpm start']],
  [
    'a worker script',
    { ...scripts({ start: 'a', worker: 'b' }), 'pnpm-lock.yaml': '' },
    ['web: pnpm start', 'worker: pnpm run worker'],
  ],
  [
    'node by its main file',
    { ...scripts({}, { main: 'lib/index.js' }), 'lib/index.js': SERVER },
    ['web: node lib/index.js'],
  ],
  ['a library', { ...scripts({}, { main: 'lib/index.js' }), 'lib/index.js': 'module.exports = 1' }, []],
  ['node by server.js', { ...scripts({}), 'server.js': '' }, ['web: node server.js']],
  ['node without package.json', { 'index.js': SERVER }, ['web: node index.js']],
  ['a page', { 'index.html': '<script src=index.js>', 'index.js': 'document.title = 1' }, []],
  ['nothing', {}, []],

  [
    'flask and gunicorn',
    { 'requirements.txt': 'Flask==3\nGunicorn\n', 'app.py': FLASK },
    ['web: gunicorn app:app'],
  ],
  [
    'flask',
    { 'requirements.txt': 'Flask', 'web.py': FLASK },
    ['web: flask --app web run --host 0.0.0.0 --port $PORT'],
  ],
  [
    'flask by another name',
    { Pipfile: '[packages]\nflask = "*"', 'main.py': FLASK.replace('app =', 'site =') },
    ['web: flask --app main:site run --host 0.0.0.0 --port $PORT'],
  ],
  [
    'flask and waitress',
    { 'requirements.txt': 'waitress', 'app.py': FLASK },
    ['web: waitress-serve --port=$PORT app:app'],
  ],
  [
    'a flask factory in a package',
    { 'requirements.txt': 'flask\ngunicorn', 'shop/__init__.py': 'def create_app(config=None):\n  pass' },
    ["web: gunicorn 'shop:create_app()'"],
  ],
  [
    'what wsgi.py imports',
    {
      'requirements.txt': 'flask\ngunicorn',
      'wsgi.py': 'from shop import app as application\n',
      'shop/__init__.py': FLASK,
    },
    ['web: gunicorn wsgi'],
  ],
  [
    'what a factory has made',
    { 'requirements.txt': 'flask\ngunicorn', 'run.py': 'from shop import create_app\napp = create_app()\n' },
    ['web: gunicorn run:app'],
  ],
  [
    'flask below src',
    { 'requirements.txt': 'flask\ngunicorn', 'src/app.py': FLASK },
    ['web: gunicorn --chdir src app:app'],
  ],
  [
    'requirements in another file',
    {
      'requirements.txt': '-r requirements/prod.txt',
      'requirements/prod.txt': '-r ../requirements.txt\ngunicorn',
      'app.py': FLASK,
    },
    ['web: gunicorn app:app'],
  ],
  [
    'dash',
    { 'requirements.txt': 'dash\ngunicorn', 'app.py': 'app = Dash()\nserver = app.server\n' },
    ['web: gunicorn app:server'],
  ],
  ['an indented app', { 'requirements.txt': 'flask', 'app.py': 'def f():\n  app = Flask(__name__)' }, []],
  [
    'fastapi',
    {
      'pyproject.toml': 'dependencies = ["fastapi>=0.1", "uvicorn[standard]"]',
      'app/main.py': 'app = FastAPI()',
    },
    ['web: uvicorn app.main:app --host 0.0.0.0 --port $PORT'],
  ],
  [
    'fastapi with its extras',
    { 'requirements.txt': 'fastapi[standard]==1', 'main.py': 'api: FastAPI = FastAPI(title="x")' },
    ['web: uvicorn main:api --host 0.0.0.0 --port $PORT'],
  ],
  [
    'fastapi and hypercorn',
    { 'requirements.txt': 'fastapi\nhypercorn', 'main.py': 'app = FastAPI()' },
    ['web: hypercorn main:app --bind 0.0.0.0:$PORT'],
  ],
  [
    'celery',
    { 'requirements.txt': 'celery\nflask\ngunicorn', 'app.py': FLASK, 'tasks.py': 'queue = Celery("x")' },
    ['web: gunicorn app:app', 'worker: celery -A tasks worker --loglevel INFO'],
  ],
  ['a script', { 'requirements.txt': '', 'bot.py': 'port = os.environ["PORT"]' }, ['web: python bot.py']],
  ['a script that serves nothing', { 'requirements.txt': '', 'main.py': 'print(1)' }, []],

  [
    'django and gunicorn',
    { ...DJANGO, 'requirements.txt': 'Django\ngunicorn==22' },
    ['web: gunicorn mysite.wsgi'],
  ],
  [
    'django',
    { ...DJANGO, 'requirements.txt': 'Django' },
    ['web: python manage.py runserver --noreload 0.0.0.0:$PORT'],
  ],
  [
    'django and uvicorn',
    { ...DJANGO, 'requirements.txt': 'Django\nuvicorn' },
    ['web: uvicorn mysite.asgi:application --host 0.0.0.0 --port $PORT'],
  ],
  [
    'django channels',
    {
      ...DJANGO,
      'requirements.txt': 'Django\nchannels\ndaphne\ngunicorn',
      'mysite/settings.py': "ASGI_APPLICATION = 'mysite.asgi.application'",
    },
    ['web: daphne -b 0.0.0.0 -p $PORT mysite.asgi:application'],
  ],
  [
    'django with a database, a queue and pages made by Node',
    {
      'manage.py': MANAGE.replace('mysite', 'config').replace('settings', 'settings.local'),
      'config/wsgi.py': '',
      'config/settings/base.py': "DATABASES = {'default': env.db('DATABASE_URL')}",
      'config/celery.py': "app = Celery('config')",
      'pyproject.toml': '[tool.poetry.dependencies]\ndjango = "^5"\ngunicorn = "*"\ncelery = "*"',
      ...scripts({ start: 'webpack --watch' }),
    },
    [
      'web: gunicorn config.wsgi',
      'worker: celery -A config worker --loglevel INFO',
      'release: python manage.py migrate --noinput',
    ],
  ],
  [
    'django in a folder below',
    { 'requirements.txt': 'django\ngunicorn', 'site/manage.py': MANAGE, 'site/mysite/wsgi.py': '' },
    ['web: gunicorn --chdir site mysite.wsgi'],
  ],

  [
    'rails',
    { Gemfile: "gem 'rails'", 'bin/rails': '', ...scripts({}) },
    [`web: bin/rails server -p ${PORT} -b 0.0.0.0`],
  ],
  [
    'rails with puma, a queue and a database',
    {
      Gemfile: 'gem "rails", "~> 8"\ngem "pg"\n  gem "puma"\ngem "sidekiq"\n',
      'bin/rails': '',
      'config/puma.rb': 'port ENV.fetch("PORT", 3000)',
      'db/migrate/1_a.rb': '',
    },
    [
      'web: bundle exec puma -C config/puma.rb',
      'worker: bundle exec sidekiq',
      'release: bin/rails db:migrate',
    ],
  ],
  [
    'rails with solid_queue',
    {
      Gemfile: '',
      'Gemfile.lock': '    rails (8.0.0)\n    solid_queue (1.0)\n',
      'bin/rails': '',
      'bin/jobs': '',
    },
    [`web: bin/rails server -p ${PORT} -b 0.0.0.0`, 'worker: bin/jobs'],
  ],
  ['rack', { Gemfile: '', 'config.ru': '' }, [`web: bundle exec rackup config.ru -p ${PORT} -o 0.0.0.0`]],
  ['rack and puma', { Gemfile: "gem 'puma'", 'config.ru': '' }, [`web: bundle exec puma -p ${PORT}`]],
  [
    'sinatra',
    { Gemfile: "gem 'sinatra'", 'app.rb': "require 'sinatra'\n" },
    [`web: bundle exec ruby app.rb -p ${PORT} -o 0.0.0.0`],
  ],
  ['a gem', { Gemfile: 'gemspec' }, []],

  ['go', { 'go.mod': 'module example.com/me/shop/v2\n', 'main.go': MAIN }, ['web: bin/shop']],
  [
    'go with commands',
    { 'go.mod': 'module x', 'cmd/api/main.go': MAIN, 'cmd/worker/main.go': MAIN, 'cmd/tool/main.go': MAIN },
    ['web: bin/api', 'worker: bin/worker'],
  ],
  [
    'go with commands that do not tell',
    { 'go.mod': 'module x', 'cmd/a/main.go': MAIN, 'cmd/b/main.go': MAIN },
    [],
  ],
  ['a go library', { 'go.mod': 'module x', 'x.go': 'package x', 'x_test.go': MAIN }, []],

  ['php', { 'index.php': '' }, ['web: heroku-php-apache2']],
  [
    'laravel',
    { 'composer.json': '{}', artisan: '', 'public/index.php': '', ...scripts({ dev: 'vite' }) },
    ['web: heroku-php-apache2 public/'],
  ],
  ['a php library', { 'composer.json': '{}' }, []],
  [
    'spring boot',
    { 'pom.xml': 'spring-boot' },
    ['web: java -Dserver.port=$PORT $JAVA_OPTS -jar target/*.jar'],
  ],
  ['another maven project', { 'pom.xml': '' }, []],

  [
    'a Dockerfile',
    {
      Dockerfile:
        'FROM a\nCMD ["old"]\nFROM python\n# CMD no\nEXPOSE 8000/tcp\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "a b:app"]\n',
    },
    ["web: gunicorn -b 0.0.0.0:$PORT 'a b:app'"],
  ],
  [
    'a Dockerfile with an entrypoint',
    { Dockerfile: 'FROM a\nENTRYPOINT ["./run"]\nCMD ["--port=80", \\\n  "x80"]\nEXPOSE 80' },
    ['web: ./run --port=$PORT x80'],
  ],
  [
    'a Dockerfile with a line for a shell',
    { Dockerfile: 'cmd  exec ./run  "$PORT"' },
    ['web: exec ./run "$PORT"'],
  ],
  ['a Dockerfile that names the shell', { Dockerfile: 'CMD ["/bin/sh", "-c", "a && b"]' }, ['web: a && b']],
  ['a Dockerfile with several lines', { Dockerfile: 'CMD ["sh", "-c", "a\\nb"]' }, []],
  ['a Dockerfile without CMD', { Dockerfile: 'FROM nginx' }, []],
];

describe('proposeFor', () => {
  it.each(APPS)('proposes for %s', (_, files, expected) => {
    expect(lines(files)).toEqual(expected);
  });

  it('proposes lines that every parser of Procfiles reads alike', () => {
    for (const [name, files, expected] of APPS) {
      if (expected.length === 0) continue;
      const { processes, problems } = parseProcfile(`${lines(files).join('\n')}\n`);
      expect([...processes.keys()], name).toHaveLength(expected.length);
      expect(problems, name).toEqual([]);
    }
  });

  it('says why', () => {
    const { processes = [] } =
      proposeFor(makeFolder({ 'requirements.txt': 'gunicorn', 'app.py': FLASK })) ?? {};
    expect(processes.map(({ why }) => why)).toEqual([
      'app.py makes the Flask app, and the requirements have gunicorn',
    ]);
  });

  it.each<[string, Files, RegExp]>([
    [
      'a server for development',
      { 'app.py': FLASK },
      /^Flask's own server is for development\. Add gunicorn/,
    ],
    ['a server that is not required', { 'app.py': 'app = FastAPI()' }, /^Add uvicorn to the requirements/],
    ['a missing package.json', { 'server.js': '' }, /^Heroku takes this .* npm init -y$/],
    [
      'another buildpack',
      { ...scripts({ build: 'vite build' }), 'app.py': FLASK, 'requirements.txt': 'gunicorn' },
      /^Heroku would build this app with heroku\/nodejs, .* heroku buildpacks:set heroku\/python$/,
    ],
    ['a program that Heroku builds', { 'go.mod': 'module x', 'x.go': MAIN }, /go build -o bin\/ \.\/\.\.\.$/],
    ['a server of the buildpack', { 'index.php': '' }, /^heroku-php-apache2 comes with Heroku's buildpack/],
    ['a Rack app without a server', { Gemfile: '', 'config.ru': '' }, /^The Gemfile has no web server/],
    ['a port in the Dockerfile', { Dockerfile: 'CMD ./run' }, /^The app must listen on the port in \$PORT/],
  ])('remarks on %s', (_, files, remark) => {
    expect(proposeFor(makeFolder(files))?.remarks[0]).toMatch(remark);
  });

  it('has nothing to remark where all is well', () => {
    expect(proposeFor(makeFolder(scripts({ start: 'node a.js' })))?.remarks).toEqual([]);
  });
});
