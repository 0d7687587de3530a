/** Finds settings of frameworks that Heroku's build stumbles over. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../../config/folder.js';
import { type Problem, warning } from '../../procfile/problem.js';
import type { Subject } from '../subject.js';

/**
 * Heroku's build runs `collectstatic`, which needs a folder. https://devcenter.heroku.com/articles/django-assets
 */
export function findSettingsProblems({ dir, configVars }: Subject): readonly Problem[] {
  const settings = djangoSettings(dir);
  if (settings === undefined || configVars.has('DISABLE_COLLECTSTATIC')) return [];
  const { file, text } = settings;
  const isServed = /^(?!\s*#).*["']django\.contrib\.staticfiles["']/m.test(text);
  const isElsewhere = /import\s*\*|django_heroku|django_on_heroku|STATIC_ROOT|STORAGES/.test(text);
  if (!isServed || isElsewhere) return [];
  const message = 'There is no STATIC_ROOT, so that collectstatic, and with it the build on Heroku, fails.';
  const hint = 'Write STATIC_ROOT = BASE_DIR / "staticfiles", and serve it with WhiteNoise.';
  return [warning(file, message, hint)];
}

/** The settings that a Django project's manage.py names. */
function djangoSettings(dir: string): { readonly file: string; readonly text: string } | undefined {
  const [, module] =
    /["']DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)["']/.exec(textOf(join(dir, 'manage.py'))) ?? [];
  if (module === undefined) return undefined;
  const file = `${module.replaceAll('.', '/')}.py`;
  return existsSync(join(dir, file)) ? { file, text: textOf(join(dir, file)) } : undefined;
}
