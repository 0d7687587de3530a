/** Where dynosim says what it is doing inside, for whoever looks for a bug in it. Never what a Heroku user would see. */
export interface Diagnostics {
  /** @param details what the message is about, one value each */
  debug(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** The default: nobody is looking. */
export const silentDiagnostics: Diagnostics = { debug() {}, warn() {} };

/**
 * Diagnostics as JSON lines, by pino.
 * @param destination an `Output` on stderr, which a terminal that is not read cannot block
 */
export async function openDiagnostics(destination: { write(text: string): void }): Promise<Diagnostics> {
  const { pino } = await import('pino');
  const logger = pino({ level: 'debug', base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    debug: (message, details = {}) => logger.debug(details, message),
    warn: (message, details = {}) => logger.warn(details, message),
  };
}
