import { expect, test } from 'vitest';
import { readRedisLine } from '../../../../src/addons/redis/log-line.js';

const AT = '4711:M 29 Nov 2026 10:31:32.403';

test.each([
  [`${AT} * Ready to accept connections`, { means: 'ready', log: '* Ready to accept connections' }],
  // Redis 7.2 and Valkey.
  [`${AT} * Ready to accept connections tls`, { means: 'ready', log: '* Ready to accept connections tls' }],
  [`${AT} # Failed listening on port 41234 (TLS), aborting.`, { means: 'port taken' }],
  [
    `${AT} # Error writing to the AOF file: No space left on device`,
    {
      log: '# Error writing to the AOF file: No space left on device',
      remark: 'Redis refuses all changes while it cannot keep them: free some space on the disk',
    },
  ],
  [`${AT} # User requested shutdown...`, { log: '# User requested shutdown...' }],
  [`${AT} # WARNING Memory overcommit must be enabled!`, {}],
  [`${AT} * Reading RDB base file on AOF loading...`, {}],
  [`${AT} * RDB age 18 seconds`, {}],
  [`${AT} * Done loading RDB, keys loaded: 0, keys expired: 0.`, {}],
  ['4711:C 29 Nov 2026 10:31:32.403 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo', {}],
  ['>>> a line of another form', {}],
  ['', {}],
])('%s', (line, meaning) => {
  expect(readRedisLine(line, true)).toEqual(meaning);
});

test('of a plan without logs, only the meaning counts', () => {
  expect(readRedisLine(`${AT} * Ready to accept connections`, false)).toEqual({ means: 'ready' });
});
