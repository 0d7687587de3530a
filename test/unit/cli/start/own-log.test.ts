import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openOwnLog, recordEntry } from '../../../../src/cli/start/own-log.js';
import { openDiagnostics } from '../../../../src/logs/pino.js';
import { makeFolder } from '../../../helpers/folder.js';

test('without a level there is no log, and an invalid level is refused', async () => {
  expect(await openOwnLog(undefined, '/nowhere')).toBeUndefined();
  expect(await openOwnLog('', '/nowhere')).toBeUndefined();
  await expect(openOwnLog('lots', '/nowhere')).rejects.toMatchObject({ code: 'BAD_LOG_LEVEL' });
});

test('it has what dynosim and the platform say, but nothing of the app, and errors with their stack', () => {
  const file = join(makeFolder({}), 'new folder', 'dynosim.log');
  const log = openDiagnostics(file, 'debug');
  const said = { at: 0, dyno: 'web.1', line: 'text' };
  recordEntry(log, { ...said, source: 'dynosim' });
  recordEntry(log, { ...said, source: 'heroku' });
  recordEntry(log, { ...said, source: 'heroku', dyno: 'router' });
  recordEntry(log, { ...said, source: 'app' });
  log.error({ error: new Error('oops') }, 'bug');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { level: 'info', dyno: 'web.1', msg: 'text' },
    { level: 'debug', dyno: 'web.1', msg: 'text' },
    {
      level: 'error',
      msg: 'bug',
      error: { message: 'oops', stack: expect.stringContaining('own-log.test') },
    },
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('it starts empty, and omits entries below its level', () => {
  const file = join(makeFolder({ 'dynosim.log': 'old\n' }), 'dynosim.log');
  const log = openDiagnostics(file, 'warn');
  log.info({}, 'unwanted');
  log.warn({}, 'wanted');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ level: 'warn', msg: 'wanted' });
});
