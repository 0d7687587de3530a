import { type AppFolder, type Proposal, type ProposedProcess, propose } from '../proposal.js';
import { celeryWorker } from './celery.js';
import { proposeDjango } from './django.js';
import { type FoundApp, findApp } from './find-app.js';
import { pythonPackages } from './packages.js';
import { serverFor } from './servers.js';

/** https://devcenter.heroku.com/articles/python-support */
export function proposePython(app: AppFolder): Proposal | undefined {
  const packages = pythonPackages(app);
  const django = proposeDjango(app, packages);
  if (django) return django;
  const worker = celeryWorker(app, packages);
  const found = findApp(app, packages);
  if (found === undefined) {
    const web = script(app);
    return web || worker ? propose([web, worker]) : undefined;
  }
  const { web, remark } = webOf(found, packages);
  return propose([web, worker], remark);
}

function webOf(
  found: FoundApp,
  packages: ReadonlySet<string>,
): { readonly web: ProposedProcess; readonly remark?: string } {
  const { file, framework, name, isFactory } = found;
  const why = `${file} ${isFactory ? `has ${name}(), which makes` : 'makes'} the ${framework} app`;
  const server = serverFor(found, packages);
  if (server)
    return {
      web: {
        type: 'web',
        command: server.command,
        why: `${why}, and the requirements have ${server.server}`,
      },
    };
  if (framework === 'Flask' && found.folder === '') {
    const remark =
      "Flask's own server is for development. Add gunicorn to the requirements, remove the Procfile, and run this again.";
    return { web: { type: 'web', command: flaskRun(found), why }, remark };
  }
  const usual = found.kind === 'wsgi' ? 'gunicorn' : 'uvicorn';
  const command = serverFor(found, new Set([usual]))?.command ?? '';
  return {
    web: { type: 'web', command, why },
    remark: `Add ${usual} to the requirements: the command needs it.`,
  };
}

/** Flask finds `app`, `application` and `create_app` itself. */
function flaskRun({ module, name }: FoundApp): string {
  const isFound = ['app', 'application', 'create_app', 'make_app'].includes(name);
  return `flask --app ${isFound ? module : `${module}:${name}`} run --host 0.0.0.0 --port $PORT`;
}

/** A script that serves by itself, on the port that Heroku gives it. */
function script(app: AppFolder): ProposedProcess | undefined {
  const names = ['app.py', 'main.py', 'server.py', 'run.py', 'bot.py'];
  const file = names.find((name) => /["']PORT["']/.test(app.text(name)));
  return file === undefined
    ? undefined
    : { type: 'web', command: `python ${file}`, why: `${file} reads PORT` };
}
