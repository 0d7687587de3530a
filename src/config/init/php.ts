import { type AppFolder, type Proposal, propose } from './proposal.js';

/** Frameworks keep what browsers may ask for in a folder of its own. */
const DOCUMENT_ROOTS = ['public', 'web', 'webroot'];

/** https://devcenter.heroku.com/articles/custom-php-settings#setting-the-document-root */
export function proposePhp(app: AppFolder): Proposal | undefined {
  const root = DOCUMENT_ROOTS.find((folder) => app.has(`${folder}/index.php`));
  if (root === undefined && !app.has('index.php')) return undefined;
  const command = root === undefined ? 'heroku-php-apache2' : `heroku-php-apache2 ${root}/`;
  const why = `it serves ${root === undefined ? '' : `${root}/`}index.php`;
  const remark = app.has('vendor/bin/heroku-php-apache2')
    ? undefined
    : 'heroku-php-apache2 comes with Heroku\'s buildpack. To have it here: composer require --dev heroku/heroku-buildpack-php; or push the app to "dynosim host".';
  return propose([{ type: 'web', command, why }], remark);
}
