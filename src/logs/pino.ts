import { destination, type Level, pino } from 'pino';
import { escapeControls } from '../base/wording.js';
import type { LogEntry } from './entry.js';

/** dynosim's own log, for debugging dynosim. */
export interface Diagnostics {
  debug(facts: object, what: string): void;
  info(facts: object, what: string): void;
  warn(facts: object, what: string): void;
  error(facts: object, what: string): void;
}

/** From least to most detailed. */
export const DIAGNOSTIC_LEVELS = ['error', 'warn', 'info', 'debug'] as const satisfies readonly Level[];
export type DiagnosticLevel = (typeof DIAGNOSTIC_LEVELS)[number];

/**
 * Writes dynosim's own log to an emptied file, with one JSON object per line: `{"level":"info","time":…,"msg":…}`.
 * Writes synchronously, because the last lines before a crash matter most.
 */
export function openDiagnostics(file: string, level: DiagnosticLevel): Diagnostics {
  return pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
    },
    destination({ dest: file, append: false, mkdir: true, mode: 0o600, sync: true }),
  );
}

/**
 * `{"time":"…","source":"app","dyno":"web.1","line":"…"}`, these keys in this order; `app` before `source` in the log
 * of a host of many apps; `router` after `line` in lines of the router.
 * @param isTerminal also escapes control characters that JSON allows
 */
export function createJsonFormatter(isTerminal: boolean): (entry: LogEntry) => string {
  let text = '';
  let time = '';
  const logger = pino(
    {
      base: null,
      formatters: { level: () => ({}) },
      timestamp: () => `"time":"${time}"`,
    },
    {
      write: (line) => {
        text = isTerminal ? escapeControls(line) : line;
      },
    },
  );
  return ({ at, app, source, dyno, line, router }) => {
    time = new Date(at).toISOString();
    logger.info({ ...(app !== undefined && { app }), source, dyno, line, ...(router && { router }) });
    return text;
  };
}
