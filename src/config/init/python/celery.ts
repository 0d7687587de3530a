import type { AppFolder, ProposedProcess } from '../proposal.js';
import { moduleOf, sourceFiles } from './modules.js';

/** The worker of a Celery app, if a file makes one. https://devcenter.heroku.com/articles/celery-heroku */
export function celeryWorker(app: AppFolder, packages: ReadonlySet<string>): ProposedProcess | undefined {
  if (!packages.has('celery')) return undefined;
  // `celery -A module` takes any Celery app of the module, whatever its name.
  const file = sourceFiles(app, ['celery', 'celery_app', 'tasks', 'worker']).find((name) =>
    /^\w+\s*=\s*(?:celery\.)?Celery\(/m.test(app.text(name)),
  );
  if (file === undefined) return undefined;
  const { module, folder } = moduleOf(app, file);
  const workdir = folder === '' ? '' : `--workdir ${folder} `;
  // It also looks for the module `celery` of a package.
  const target = module.replace(/(?<=\w)\.celery$/, '');
  const command = `celery ${workdir}-A ${target} worker --loglevel INFO`;
  return { type: 'worker', command, why: `${file} makes the Celery app` };
}
