import { herokuTime, type LogEntry } from '../entry.js';

/** Turns an entry into a message with its byte count in front. */
export type Framing = (entry: LogEntry) => string;

/**
 * Facility × 8 + severity (https://datatracker.ietf.org/doc/html/rfc5424#section-6.2.1) by source. Heroku documents the
 * facilities local0, local3 and local7 (https://devcenter.heroku.com/articles/log-drains#syslog-drains); until about
 * 2020 the dyno manager used 45, syslog.notice.
 */
const PRIORITIES: Readonly<Record<string, number>> = {
  /** local5.warning, `overflow_msg` of https://github.com/heroku/logplex/blob/main/src/logplex_syslog_utils.erl */
  'heroku[logplex]': 172,
  /** local3.info */
  'heroku[router]': 158,
  /** local0.info */
  'app[api]': 134,
};
/** local0.info */
const PLATFORM_PRIORITY = 134;
/** local7.info */
const APP_PRIORITY = 190;

/**
 * `application/logplex-1`: RFC 5424 without structured data, not even the `-` in its place.
 * https://github.com/heroku/logplex/blob/main/doc/README.http_drains.md#logplex-frame-format
 */
export const httpFraming: Framing = (entry) => frame(entry, 'host', '-');

/** RFC 5424, with the drain's token as the host name. https://devcenter.heroku.com/articles/log-drains#drain-tokens */
export function syslogFraming(token: string): Framing {
  return (entry) => frame(entry, token, '- -');
}

/** Octet counting; the line feed counts. https://datatracker.ietf.org/doc/html/rfc6587#section-3.4.1 */
function frame(entry: LogEntry, host: string, beforeText: string): string {
  const { at, source, dyno, line } = entry;
  const message = `<${priority(entry)}>1 ${herokuTime(at)} ${host} ${source} ${dyno} ${beforeText} ${line}\n`;
  return `${Buffer.byteLength(message)} ${message}`;
}

function priority({ source, dyno }: LogEntry): number {
  return PRIORITIES[`${source}[${dyno}]`] ?? (source === 'app' ? APP_PRIORITY : PLATFORM_PRIORITY);
}
