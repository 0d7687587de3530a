import { type AppFolder, type Proposal, type ProposedProcess, propose } from '../proposal.js';
import { celeryWorker } from './celery.js';
import { type ServedApp, serverFor } from './servers.js';

interface DjangoProject {
  /** The folder of manage.py, with a slash at its end; empty for the app's folder. */
  readonly root: string;
  /** The Python package of the settings: `mysite`. */
  readonly name: string;
  /** The text of all its settings. */
  readonly settings: string;
}

/** https://devcenter.heroku.com/articles/getting-started-with-python */
export function proposeDjango(app: AppFolder, packages: ReadonlySet<string>): Proposal | undefined {
  const project = findProject(app);
  if (project === undefined) return undefined;
  const served = entryOf(app, project, packages);
  const server = served && serverFor(served, packages);
  const manage = `${project.root}manage.py`;
  const processes = [celeryWorker(app, packages), migrations(project)];
  if (served && server) {
    const why = `${manage} runs the Django project ${project.name}, and the requirements have ${server.server}`;
    return propose([{ type: 'web', command: server.command, why }, ...processes]);
  }
  const web = {
    type: 'web',
    command: `python ${manage} runserver --noreload 0.0.0.0:$PORT`,
    why: `${manage} runs the Django project ${project.name}`,
  };
  const remark =
    "Django's own server is for development. Add gunicorn to the requirements, remove the Procfile, and run this again.";
  return propose([web, ...processes], remark);
}

function findProject(app: AppFolder): DjangoProject | undefined {
  const folders = app.names().filter((name) => /^\w+$/.test(name));
  const root = ['', ...folders.map((name) => `${name}/`)].find((path) => app.has(`${path}manage.py`));
  if (root === undefined) return undefined;
  const module = /DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/.exec(app.text(`${root}manage.py`))?.[1];
  const named = module?.replace(/\.?settings(?:\..*)?$/, '');
  const name = named ?? app.names(root).find((folder) => app.has(`${root}${folder}/wsgi.py`));
  if (name === undefined) return undefined;
  const folder = `${root}${name === '' ? '' : `${name.replaceAll('.', '/')}/`}`;
  const files = app.names(`${folder}settings`).filter((file) => file.endsWith('.py'));
  const paths = [`${folder}settings.py`, ...files.map((file) => `${folder}settings/${file}`)];
  return { root, name, settings: paths.map(app.text).join('\n') };
}

/** What a web server imports: the project's ASGI app if only servers for that are required, else its WSGI app. */
function entryOf(
  app: AppFolder,
  { root, name, settings }: DjangoProject,
  packages: ReadonlySet<string>,
): ServedApp | undefined {
  const setting = (key: string): string | undefined =>
    new RegExp(`^${key}\\s*=\\s*["']([\\w.]+)\\.\\w+["']`, 'm').exec(settings)?.[1];
  const prefix = name === '' ? '' : `${name}.`;
  const entries = [
    { kind: 'wsgi' as const, module: setting('WSGI_APPLICATION') ?? `${prefix}wsgi` },
    { kind: 'asgi' as const, module: setting('ASGI_APPLICATION') ?? `${prefix}asgi` },
  ];
  // Channels works with ASGI only.
  if (packages.has('channels') && setting('ASGI_APPLICATION') !== undefined) entries.reverse();
  return entries
    .map(({ kind, module }): ServedApp => {
      return { kind, module, name: 'application', isFactory: false, folder: root.slice(0, -1) };
    })
    .find(
      (served) =>
        app.has(`${root}${served.module.replaceAll('.', '/')}.py`) &&
        serverFor(served, packages) !== undefined,
    );
}

/** Of other databases Heroku has none. */
function migrations({ root, settings }: DjangoProject): ProposedProcess | undefined {
  if (!/DATABASE_URL|dj_database_url|\benv\.(?:db|dj_db_url)\(/.test(settings)) return undefined;
  const why = 'the settings take the database from DATABASE_URL';
  return { type: 'release', command: `python ${root}manage.py migrate --noinput`, why };
}
