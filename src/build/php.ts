import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder, BuilderApp } from './buildpack.js';
import { failure, missing } from './failure.js';
import { details, heading, remark } from './lines.js';
import { type Failure, fail, print, run, type Step } from './step.js';

/** heroku/php. https://devcenter.heroku.com/articles/php-support */
export const php: Builder = {
  async plan(app) {
    return { env: { COMPOSER_ALLOW_SUPERUSER: '1', ...app.env }, steps: await planPhp(app) };
  },
  release: async () => ({ processTypes: { web: 'heroku-php-apache2' }, configVars: {} }),
};

async function planPhp(app: BuilderApp): Promise<readonly Step[]> {
  const { status, stdout } = await app.ask(['php', '-r', 'echo PHP_VERSION;']);
  if (status !== 0)
    return [fail(missing('PHP', 'there is no php in PATH', 'apt-get install php-cli composer'))];
  const hasComposer = existsSync(join(app.dir, 'composer.json'));
  if (hasComposer && !app.has('composer'))
    return [fail(missing('Composer', 'there is no composer in PATH', 'apt-get install composer'))];
  return [
    print(heading('Installing platform packages...'), details(`- php (${stdout.trim()} of this machine)`)),
    ...(hasComposer ? install : []),
    print(heading('Preparing runtime environment...')),
    print(
      remark(
        'heroku-php-apache2 and heroku-php-nginx run the web server of PHP itself: they read no configuration of these.',
      ),
    ),
    ...SERVERS.map((server): Step => ({ does: 'write', file: `vendor/bin/${server}`, text: SHIM })),
    run(['chmod', '+x', ...SERVERS.map((server) => `vendor/bin/${server}`)], []),
    { does: 'write', file: '.profile.d/php.sh', text: PROFILE },
  ];
}

const FAILED = `Error: Dependency installation failed!

The 'composer install' process failed with an error. The cause
may be the download or installation of packages, or a pre- or
post-install hook (e.g. a 'post-install-cmd' item in 'scripts')
in your 'composer.json'.

Typical error cases are out-of-date or missing parts of code,
timeouts when making external connections, or memory limits.

Check the above error output closely to determine the cause of
the problem, ensure the code you're pushing is functioning
properly, and that all local changes are committed correctly.

For more information on builds for PHP on Heroku, refer to
https://devcenter.heroku.com/articles/php-support`;

const FAILURES: readonly Failure[] = [
  {
    ...failure(FAILED),
    says: /Could not resolve host|curl error [67]\b|Connection refused|Failed to connect/,
    remedy: 'A package could not be downloaded. Without network, commit the folder vendor.',
  },
  failure(FAILED),
];

const install: readonly Step[] = [
  run(
    [
      'composer',
      'install',
      '--no-dev',
      '--prefer-dist',
      '--optimize-autoloader',
      '--no-progress',
      '--no-interaction',
    ],
    FAILURES,
    { heading: heading('Installing dependencies...') },
  ),
];

const SERVERS = ['heroku-php-apache2', 'heroku-php-nginx'];

/** Takes the options of Heroku's: only the last argument, the folder to serve, has a meaning here. */
const SHIM = `#!/bin/sh
# By dynosim, in the place of Heroku's: serves a folder by the web server of PHP itself.
port="\${PORT:-5000}"
while getopts "C:c:F:f:i:l:p:tvh" option; do
  if [ "$option" = p ]; then port="$OPTARG"; fi
done
shift $((OPTIND - 1))
export PHP_CLI_SERVER_WORKERS="\${WEB_CONCURRENCY:-4}"
exec php -S "0.0.0.0:$port" -t "\${1:-.}"
`;

const PROFILE = `# By dynosim, in the place of Heroku's buildpack for PHP.
export PATH="$HOME/vendor/bin:$PATH"
`;
