import { Command, Option } from 'commander';
import { checkAppName } from '../../apps/app-name.js';
import { BUILDPACK_ENVS } from '../../config/language-env.js';
import { DEFAULTS } from '../../host/defaults.js';
import { type ErrorCode, parseErrorCodes } from '../../host/error-codes.js';
import { parseFormation, parseSizes } from '../../procfile/formation.js';
import { ENV_FILES, portOption, readEnvFlag, readNames } from '../flags.js';
import { endHelp } from '../help.js';
import { keyRows } from '../keys/table.js';
import type { StartFlags } from '../start/options.js';
import { addPlatformFlags, DURATIONS, hostAddress, logFormat, noDynoKeepAlive } from './platform-flags.js';

/** `dynosim start`: the flags only; what they do is loaded when the command runs. */
export function createStartCommand(): Command {
  const command = new Command('start')
    .summary('run the app of this folder until Ctrl-C')
    .description(
      'Runs every process type of the Procfile with its own $PORT, routes http://localhost:5006 to the web ' +
        'dynos, restarts what crashes, and leaves nothing behind. With types: one dyno of each, and no others.',
    )
    .argument('[type...]', 'process types to start; the others get no dynos');
  addStartFlags(command, 'PORT of the env files or the shell, or 5006')
    .option('--new-token', 'replace the token of the control API; what runs already keeps the old one')
    .option('--verbose', 'print every line of a restart by --watch')
    .option('--hide <names>', 'print no lines of these dynos or types: router,worker', readNames)
    .option('--tty [types]', 'give the dynos of these types, or of all, a terminal each: see ps:attach')
    .option(
      '--inspect [types]',
      'give the dynos of these types, or of all, an inspector each, for debuggers (Node.js)',
    )
    .option('--inspect-brk [types]', 'the same, and stop them at their start until a debugger continues them')
    .option('--no-color', 'no colors here, and no FORCE_COLOR=1 for dynos')
    .option('-D, --detach', 'return once every dyno is up; "dynosim stop" ends the app')
    .addOption(new Option('--in-background').hideHelp())
    .action(async (types: string[], flags: StartFlags, command: Command) => {
      if (flags.detach && !flags.inBackground) {
        const { detachStart } = await import('../start/detach.js');
        return detachStart(flags.dir);
      }
      // First: this starts another process, which gets ready while this one loads the rest.
      const { startOwnContainment } = await import('../start/own-containment.js');
      const containment = startOwnContainment();
      const { runStart } = await import('../start/run-start.js');
      process.exitCode = await runStart(types, command, containment);
    });
  return endHelp(command, {
    notes: [`${DURATIONS} Flags can also go in a .dynosimrc file in the app's folder, one per line.`],
    words: { title: 'Keys at a terminal, each followed by Enter:', rows: keyRows() },
    examples: [
      'dynosim start',
      'dynosim start web --port 3000',
      'dynosim start -m web=2,worker=1 --exit-on-crash',
      'dynosim start --tty web',
      'dynosim start --detach && npm run smoke-test; dynosim stop',
    ],
  });
}

/**
 * The flags by which a command starts an app.
 * @param port describes the default port
 */
export function addStartFlags(command: Command, port: string): Command {
  command
    .option('-d, --dir <dir>', "the app's folder", '.')
    .option('-a, --app <name>', "the app's name (default: the folder's)", checkAppName)
    .option('-f, --procfile <file>', "relative to the app's folder", DEFAULTS.procfile)
    .option('-e, --env <files>', `${ENV_FILES}; later ones win (default: .env if there)`, readEnvFlag)
    .addOption(portOption('-p, --port <port>', `the router's port; 0 takes any (default: ${port})`))
    .addOption(hostAddress)
    .option(
      '-m, --formation <types>',
      'for example web=2,worker=1 or all=2; unnamed types stay at 1',
      parseFormation,
    )
    .option(
      '--size <sizes>',
      'for example standard-2x or web=standard-2x,worker=basic (default: eco)',
      parseSizes,
    );
  return addPlatformFlags(command)
    .option('--release-phase', 'run the release process type when a release is made')
    .option('--watch', 'restart the dynos when sources change; web dynos serve until the new ones listen')
    .option(
      '--watch-only <glob>',
      'watch only these files, as in .gitignore; web:src/web/** restarts only web (repeatable)',
      collect,
    )
    .addOption(noDynoKeepAlive)
    .option('--dyno-metadata', 'set HEROKU_APP_NAME and the like for dynos')
    .option('--ephemeral', "discard what a dyno changes in the app's folder when it ends (Linux only)")
    .addOption(
      new Option('--buildpack-env <which>', "which variables of Heroku's buildpacks dynos get")
        .choices(BUILDPACK_ENVS)
        .default('safe'),
    )
    .option('--clean-env', "of the shell's variables, give dynos only PATH, HOME, LANG, TERM and TMPDIR")
    .addOption(logFormat)
    .option('--exit-on-crash', 'stop everything when a dyno crashes, and exit with its status')
    .option(
      '--fail-on <codes>',
      'exit with 1 at the end if one of these errors has occurred: R12,H12',
      readCodes,
    );
}

function readCodes(list: string, before: readonly ErrorCode[] = []): readonly ErrorCode[] {
  return [...before, ...parseErrorCodes(list, '--fail-on')];
}

/** For a flag that may be given several times. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
