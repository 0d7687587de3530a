import { expect, test } from 'vitest';
import { blameOf, type Circumstances } from '../../../../src/doctor/app/blame.js';
import { judgeBoot } from '../../../../src/doctor/app/boot.js';
import { judgeConfig } from '../../../../src/doctor/app/config.js';
import { type Boot, bootIn } from '../../../../src/doctor/app/observe-boot.js';
import { judgePort } from '../../../../src/doctor/app/port.js';
import { entry } from './entries.js';

const KILLED = { atMs: 0, dyno: 'web.1', bytes: 3e9, quotaBytes: 5e8 };

function ended(...lastWords: readonly string[]): Boot {
  return { at: 'ended', dyno: 'web.1', status: 1, lastWords };
}

/** What came of the start, and what else is known. */
const STARTS: Readonly<Record<string, readonly [Boot, Partial<Circumstances>?]>> = {
  'in time': [{ at: 'up', ms: 300 }],
  'half of the limit': [{ at: 'up', ms: 30_000 }],
  'more than half of the limit': [{ at: 'up', ms: 30_001 }],
  'no web': [{ at: 'started' }],
  silent: [{ at: 'silent', afterMs: 60_000, ports: [], lastWords: [] }],
  'on another port': [{ at: 'silent', afterMs: 60_000, ports: [3000, 9000], lastWords: [] }],
  'refused by dynosim': [{ at: 'refused', reason: '.env line 1 is too long' }],
  'ends without a word': [ended()],
  'ends with an exception': [ended('TypeError: x is not a function', '    at web.js:1')],
  'ends for a config var': [ended('Error: SECRET_KEY is not set')],
  'ends for one that is set': [ended('Error: SECRET_KEY is not set'), { isSet: () => true }],
  'ends for a port that is in use': [ended('Error: listen EADDRINUSE: address already in use :::3000')],
  'is killed for its memory': [ended('Loading'), { killed: KILLED }],
};

test('each start is blamed on one question', () => {
  const rows = Object.entries(STARTS).map(([title, [boot, more]]) => {
    const blame = blameOf(boot, { isSet: () => false, killed: undefined, ...more });
    const verdicts = [judgeBoot(boot, blame, 60_000), judgePort(boot, blame), judgeConfig(boot, blame)];
    return [title, ...verdicts.map(({ verdict }) => verdict), blame?.on ?? '-'].join(' | ');
  });
  expect(rows.join('\n')).toMatchInlineSnapshot(`
    "in time | pass | pass | pass | -
    half of the limit | pass | pass | pass | -
    more than half of the limit | warn | pass | pass | -
    no web | pass | skip | pass | -
    silent | fail | skip | skip | boot
    on another port | skip | fail | skip | port
    refused by dynosim | fail | skip | skip | boot
    ends without a word | fail | skip | skip | boot
    ends with an exception | fail | skip | skip | boot
    ends for a config var | skip | skip | fail | config
    ends for one that is set | fail | skip | skip | boot
    ends for a port that is in use | skip | fail | skip | port
    is killed for its memory | skip | skip | skip | memory"
  `);
});

test('the last words say what is wrong', () => {
  const boot = ended('Traceback', 'ValueError: bad', '  sys.exit(1)');
  expect(judgeBoot(boot, blameOf(boot, { isSet: () => false, killed: undefined }), 60_000)).toMatchObject({
    verdict: 'fail',
    seen: 'web.1 ends with status 1: `ValueError: bad`.',
  });
});

test.for<readonly [readonly string[], string]>([
  [['Listening for messages'], 'Nothing listens on $PORT 1m after the start.'],
  [
    ['TypeError [ERR_INVALID_URL]: Invalid URL', 'Worker 7 died (1), forking another', 'error: gone'],
    '`TypeError [ERR_INVALID_URL]: Invalid URL`',
  ],
  [["KeyError: 'NAME'", '[INFO] Reason: Worker failed to boot.'], "`KeyError: 'NAME'`"],
  [['sh: 1: nodemon: not found', 'Bye'], '`sh: 1: nodemon: not found`'],
])('a dyno that listens nowhere, but complains, is quoted: %j', ([lastWords, seen]) => {
  const boot: Boot = { at: 'silent', afterMs: 60_000, ports: [], lastWords };
  expect(judgeBoot(boot, { on: 'boot' }, 60_000).seen).toContain(seen);
});

test('a log tells how a start went', () => {
  const start = entry(0, 'heroku', 'web.1', 'Starting process with command `node web.js`');
  const up = entry(250, 'heroku', 'web.1', 'State changed from starting to up');
  const crash = entry(9, 'heroku', 'web.1', 'State changed from starting to crashed');
  const exit = entry(9, 'heroku', 'web.1', 'Process exited with status 7');
  expect(bootIn([start, up], 60_000, [])).toEqual({ at: 'up', ms: 250 });
  expect(bootIn([start, exit, crash], 60_000, [])).toMatchObject({ at: 'ended', status: 7 });
  expect(bootIn([start, exit, crash, up], 60_000, [])).toMatchObject({ at: 'ended', status: 7 });
  const r10 = entry(9, 'heroku', 'web.1', 'Error R10 (Boot timeout) -> …');
  expect(bootIn([start, entry(8, 'app', 'web.1', 'Oh'), r10], 60_000, [3000])).toEqual({
    at: 'silent',
    afterMs: 60_000,
    ports: [3000],
    lastWords: ['Oh'],
  });
  const other = entry(8, 'heroku', 'worker.1', 'State changed from starting to up');
  expect(bootIn([start, other, exit, crash], 60_000, [])).toMatchObject({ at: 'ended' });
});
