import { Argument, type Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { parsePort } from '../../config/dyno-env.js';
import type { Engine } from '../../export/app.js';
import { addAppFlags, examples, plainCommand } from '../app-command.js';
import type { AppFlags } from '../connect.js';

/** The flags of `export`. */
export interface ExportFlags extends AppFlags {
  /** Relative to the current folder. */
  readonly out?: string;
  readonly image?: string;
  readonly host?: string;
  /** On Swarm and Docker Compose. */
  readonly port?: number;
  /** Replace files that were edited. */
  readonly force?: true;
}

export function createExportCommand(): Command {
  const command = plainCommand('export', 'write files that run the app on Docker Swarm or Kubernetes')
    .description(
      'Writes a Dockerfile and the files with which Docker Compose and Swarm, or Kubernetes, run the app as dynosim ' +
        'does, as far as they can. Nothing needs to run, and nothing is started.',
    )
    .addArgument(new Argument('<engine>', 'for which engine').choices(['compose', 'kubernetes']))
    .option('--out <dir>', "the folder to write to (default: deploy/ENGINE in the app's folder)")
    .option('--image <name>', 'the name of the image (default: that of the app)')
    .option('--host <name>', 'the host name of the app (default: its first domain, or NAME.localhost)')
    .option('--port <number>', 'the port of web on Swarm and Docker Compose (default: 8080)', readPort)
    .option('--force', 'replace files that were edited since dynosim wrote them');
  addAppFlags(command).action(async (engine: Engine, flags: ExportFlags) => {
    const { runExport } = await import('../export/run-export.js');
    await runExport(engine, flags);
  });
  return examples(
    command,
    'export compose',
    'export kubernetes --image registry.example.com/my-app --host my-app.example.com',
  );
}

/** @throws UserError `BAD_PORT` */
function readPort(text: string): number {
  const port = parsePort(text, '--port');
  if (port > 0) return port;
  throw new UserError(
    'BAD_PORT',
    '--port 0 is no port at which an app can be found',
    'Give a number from 1 to 65535.',
  );
}
