import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../helpers/folder.js';
import { processesWith } from '../helpers/processes.js';
import { FILES, inBash, pathWithBoth, startHeroku } from './heroku-world.js';

/** Loaded into every Node.js of a flow: writes down to where each of them connects. */
const SPY = `
const { appendFileSync } = require('node:fs');
const { Socket } = require('node:net');
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  const [first, second] = args;
  const options = Array.isArray(first) ? first[0] : typeof first === 'object' ? first : { port: first, host: second };
  const to = options.path ? 'a local socket' : (options.host ?? 'localhost') + ':' + options.port;
  appendFileSync(process.env.SPY_LOG, to + '\\t' + process.argv.slice(1, 4).join(' ') + '\\n');
  return connect.apply(this, args);
};
`;

/** What people do on their first day. */
const FLOW = `
eval "$(dynosim env)"
heroku apps && heroku ps:scale web=2 && heroku config:set GREETING=offline && heroku ps web && heroku releases &&
  heroku logs -n 5 && heroku run 'echo $GREETING' && heroku auth:whoami && heroku status && heroku addons &&
  heroku maintenance:on && dynosim heroku maintenance
`;

/** The part of it that changes and shows something of each kind. */
const SHORT_FLOW = `
eval "$(dynosim env)"
heroku apps && heroku config:set GREETING=offline && heroku ps && heroku run 'echo $GREETING' && heroku status &&
  dynosim heroku maintenance
`;

const NAMESPACE = ['-rn', 'bash', '-c'];
const hasNamespaces = spawnSync('unshare', [...NAMESPACE, 'ip link set lo up']).status === 0;

test('contacts only dynosim: no account, no terms, no update, no telemetry', async () => {
  const { dir } = await startHeroku();
  const folder = makeFolder({ 'spy.cjs': SPY });
  const log = join(folder, 'log');
  const env = { NODE_OPTIONS: `--require ${join(folder, 'spy.cjs')}`, SPY_LOG: log };
  const { status, stdout, stderr } = await inBash(FLOW, { cwd: dir, env });
  expect(stderr).not.toMatch(/terms of service|update available|telemetry|Error/i);
  expect(stdout).toMatch(/\noffline\n/);
  expect(stdout).toMatch(/\non\n$/);
  expect(status).toBe(0);
  const strangers = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !/^(127\.0\.0\.1|localhost):\d+\t/.test(line));
  expect(strangers).toEqual([]);
  // No background process checks for updates or sends reports.
  await expect.poll(() => processesWith('heroku/bin/run')).toEqual([]);
});

test.skipIf(!hasNamespaces)('works without a network', async () => {
  const dir = makeFolder(FILES);
  const out = makeFolder();
  const flow = `ip link set lo up; cd '${dir}'
    dynosim start -p 0 -a my-app --log-format json > '${out}/app' 2>&1 & app=$!
    until grep -q '"ready"' '${out}/app'; do read -t 0.05 <> <(:); kill -0 $app || exit 9; done
    dynosim ps:wait
    ${SHORT_FLOW}
    status=$?; kill $app; wait $app; exit $status`;
  const { status, stdout, stderr } = spawnSync('unshare', [...NAMESPACE, flow], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', PATH: pathWithBoth() },
  });
  expect(stderr).not.toMatch(/Error|ENOTFOUND|EAI_AGAIN|ENETUNREACH/);
  expect(stdout).toMatch(/\noffline\n/);
  expect(status).toBe(0);
  expect(existsSync(join(out, 'app'))).toBe(true);
});
