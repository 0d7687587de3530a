import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../config/folder.js';
import { DEFAULT_PROCFILE } from '../config/resolve-procfile.js';
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
    ...(hasScript(app, 'compile') ? compile : []),
    print(heading('Preparing runtime environment...')),
    ...procfile(app),
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

/** Whether composer.json has such a script. */
function hasScript({ dir }: BuilderApp, name: string): boolean {
  try {
    const { scripts } = JSON.parse(textOf(join(dir, 'composer.json')));
    return Object.hasOwn(scripts, name);
  } catch {
    // Composer has looked at it.
    return false;
  }
}

function procfile({ dir }: BuilderApp): readonly Step[] {
  if (existsSync(join(dir, DEFAULT_PROCFILE))) return [];
  return [
    print(details(`NOTICE: No Procfile, using 'web: ${SERVERS[0]}'.`)),
    { does: 'write', file: DEFAULT_PROCFILE, text: `web: ${SERVERS[0]}\n` },
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

/** https://devcenter.heroku.com/articles/php-support#custom-compile-step */
const compile: readonly Step[] = [
  run(
    ['composer', 'run-script', '--no-dev', '--no-interaction', 'compile'],
    [
      failure(`Error: Compile step failed!

Installation of dependencies was successful, but the custom
script you're using to perform actions after 'composer install'
failed with the error above.

Check that the 'compile' command(s) in the 'scripts' section of
your 'composer.json' are working properly and not running into
timeouts or memory limits.

For more information on the 'composer compile' step, refer to
https://devcenter.heroku.com/articles/php-support`),
    ],
    { heading: heading("Running 'composer compile'...") },
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
