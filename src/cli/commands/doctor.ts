import { Command } from 'commander';
import { DEFAULTS } from '../../host/defaults.js';
import { ENV_FILES, readEnvFlag } from '../flags.js';
import { endHelp } from '../help.js';

/** The flags of `doctor`. */
export interface DoctorFlags {
  readonly dir: string;
  readonly procfile: string;
  readonly env?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly quick?: true;
  readonly json?: true;
}

export function createDoctorCommand(): Command {
  const command = new Command('doctor')
    .summary('find out whether the app would survive on Heroku')
    .description(
      'Runs a copy of the app, does to it what the platform does, and gives a verdict on each question. ' +
        'Exits with 1 if one fails.',
    )
    .option('-d, --dir <dir>', "the app's folder", '.')
    .option('-f, --procfile <file>', "relative to the app's folder", DEFAULTS.procfile)
    .option('-e, --env <files>', `${ENV_FILES}; later ones win (default: .env if there)`, readEnvFlag)
    .option('--only <ids>', 'ask only these questions, for example sigterm,sleep', split)
    .option('--skip <ids>', 'ask all but these questions', split)
    .option('--quick', 'ask only what the files answer: nothing is run')
    .option('--json', 'print one JSON document')
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import('../doctor/run-doctor.js');
      process.exitCode = await runDoctor(flags);
    });
  return endHelp(command, {
    examples: ['dynosim doctor', 'dynosim doctor --only sigterm,sleep', 'dynosim doctor --quick --json'],
  });
}

function split(ids: string): readonly string[] {
  return ids.split(',').map((id) => id.trim());
}
