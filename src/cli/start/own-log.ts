import { UserError } from '../../base/errors.js';
import type { LogEntry } from '../../logs/entry.js';
import type { DiagnosticLevel, Diagnostics } from '../../logs/pino.js';

/**
 * dynosim's own log, if `DYNOSIM_LOG` names a level. Its library is loaded only then.
 * @throws UserError `BAD_LOG_LEVEL`
 */
export async function openOwnLog(level: string | undefined, file: string): Promise<Diagnostics | undefined> {
  if (!level) return undefined;
  const { DIAGNOSTIC_LEVELS, openDiagnostics } = await import('../../logs/pino.js');
  const isLevel = (text: string): text is DiagnosticLevel => DIAGNOSTIC_LEVELS.some((one) => one === text);
  if (!isLevel(level))
    throw new UserError(
      'BAD_LOG_LEVEL',
      `DYNOSIM_LOG is "${level}", which is not a level`,
      `Set it to ${DIAGNOSTIC_LEVELS.join(', ')}, or leave it out.`,
    );
  const log = openDiagnostics(file, level);
  recordProcess(log);
  return log;
}

/** Records dynosim's remarks and, as debug, what the platform says about dynos. Lines of apps and requests stay out. */
export function recordEntry(log: Diagnostics, { source, dyno, line }: LogEntry): void {
  if (source === 'dynosim') log.info({ dyno }, line);
  else if (source === 'heroku' && dyno !== 'router') log.debug({ dyno }, line);
}

function recordProcess(log: Diagnostics): void {
  const { version, platform, arch, pid, argv } = process;
  log.info({ node: version, platform, arch, pid, argv: argv.slice(2) }, 'start');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => log.info({ signal }, 'signal'));
  process.on('warning', (error) => log.warn({ error }, 'warning'));
  process.on('uncaughtExceptionMonitor', (error) => log.error({ error }, 'bug'));
  process.on('exit', (status) => log.info({ status }, 'exit'));
}
