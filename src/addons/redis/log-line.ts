import type { ServerLine } from '../driver.js';

/** `4711:M 29 Nov 2026 10:31:32.403 * Ready to accept connections` */
const LINE = /^\d+:[A-Z] \d{2} \w{3} \d{4} [\d:.]+ ([.*#-]) (.*)$/;

/** Advice for operators, and what every start prints anew. */
const NOT_SHOWN =
  /^(?:WARNING|oO0|\w+ version=|Configuration loaded|Running mode=|monotonic clock|Server initialized|(?:Reading |Loading |Done loading )?RDB\b|DB loaded|(?:Opening|Creating) AOF)/;

const CANNOT_WRITE = /^(?:Short write while|Error) writing to the AOF file/;

/**
 * What a line of Redis or Valkey means. Heroku shows them without process and time: `app[redis]: [redis-clear-54321] *
 * …`. https://devcenter.heroku.com/articles/redis-logs-errors
 * @param isShown whether Heroku shows lines of such a server
 */
export function readRedisLine(line: string, isShown: boolean): ServerLine {
  const [, level, text = ''] = LINE.exec(line) ?? [];
  if (level === undefined || NOT_SHOWN.test(text)) return {};
  if (/^Failed listening on port/.test(text)) return { means: 'port taken' };
  return {
    ...(/^Ready to accept connections/.test(text) && { means: 'ready' }),
    ...(isShown && { log: `${level} ${text}` }),
    ...(CANNOT_WRITE.test(text) && {
      remark: 'Redis refuses all changes while it cannot keep them: free some space on the disk',
    }),
  };
}
