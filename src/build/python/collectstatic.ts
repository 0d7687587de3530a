/** Django's static files. https://devcenter.heroku.com/articles/django-assets */

import { join } from 'node:path';
import type { BuilderApp } from '../buildpack.js';
import { failure } from '../failure.js';
import { heading } from '../lines.js';
import { decide, print, run, type Step } from '../step.js';
import { walk } from '../walk.js';
import { failedCollectstatic } from './texts.js';

/** Collects them, if the app is one of Django's. */
export function collectstatic(app: BuilderApp): Step {
  return decide(async () => {
    const { DISABLE_COLLECTSTATIC = '0' } = app.env;
    if (DISABLE_COLLECTSTATIC !== '0') return skip('the env var DISABLE_COLLECTSTATIC is set.');
    const python = join(app.dir, '.heroku/python/bin/python');
    const find = 'import sys, importlib.util; sys.exit(0 if importlib.util.find_spec("django") else 1)';
    if ((await app.ask([python, '-c', find])).status !== 0) return [];
    const manage = await findManage(app.dir);
    return manage === undefined ? skip('no manage.py file found.') : collect(manage, app);
  });
}

function skip(why: string): readonly Step[] {
  return [print(heading(`Skipping Django collectstatic since ${why}`))];
}

function collect(manage: string, { env }: BuilderApp): readonly Step[] {
  const command = ['python', manage, 'collectstatic', '--noinput'] as const;
  return [
    run([...command, '--traceback'], [failure(failedCollectstatic(manage))], {
      heading: heading(`$ ${command.join(' ')}`),
      env: { PYTHONPATH: env.PYTHONPATH ?? '.' },
    }),
    print('\n'),
  ];
}

/** The one that is the least deep, of three levels. */
async function findManage(dir: string): Promise<string | undefined> {
  const found: string[] = [];
  await walk(dir, async (path, entry) => {
    if (entry.isFile() && entry.name === 'manage.py') found.push(path);
    return path.split('/').length < 3;
  });
  return found.sort((a, b) => a.split('/').length - b.split('/').length)[0];
}
