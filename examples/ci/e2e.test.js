// What the app must do for its users. `dynosim test` says where it runs, and has the commands to do to it what the
// platform would do.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const url = process.env.DYNOSIM_URL;
const dynosim = (...words) => execFileSync('dynosim', words, { encoding: 'utf8' });

test('it answers', async () => {
  const response = await fetch(`${url}/some/path`);
  assert.equal(await response.text(), 'Hello from web.1: GET /some/path\n');
});

test('it answers after a sleep', async () => {
  dynosim('clock:advance', '31m');
  const [web] = JSON.parse(dynosim('ps', '--json'));
  assert.equal(web.state, 'idle');
  assert.equal((await fetch(url)).status, 200);
});

test('two dynos share the requests', async () => {
  dynosim('ps:scale', 'web=2');
  dynosim('ps:wait');
  const dynos = new Set();
  while (dynos.size < 2) {
    const text = await (await fetch(url)).text();
    dynos.add(text.split(':')[0]);
  }
  assert.deepEqual([...dynos].sort(), ['Hello from web.1', 'Hello from web.2']);
});
