import { describe, expect, test } from 'vitest';
import { doorsIn, waitsAtDoor } from '../../../src/dynos/debugger-doors.js';

/** The words of a process as /proc has them. */
function words(args: string, ...env: readonly string[]): string {
  return [...args.split(' '), ...env].map((word) => `${word}\0`).join('');
}

const ADAPTER = '/usr/bin/python3 /usr/lib/debugpy/adapter --for-server 54549 --host 127.0.0.1 --port 5678';

describe('the ports for debuggers', () => {
  test.each([
    ['node --inspect server.js', [], [9229]],
    ['node --inspect=9300 server.js', [], [9300]],
    ['node --inspect-brk=0.0.0.0:9300 server.js', [], [9300]],
    ['node server.js', ['A=1', 'NODE_OPTIONS=--a --inspect-wait=[::1]:9300'], [9300]],
    ['node server.js', ['NODE_OPTIONS=--inspect-publish-uid=http'], []],
    ['node server.js --inspector', ['A=--inspect'], [9229]],
    [
      'node watchdog.js',
      ['NODE_INSPECTOR_INFO={"pid":"1","inspectorURL":"ws://127.0.0.1:41567/u-1"}'],
      [41_567],
    ],
    ['node server.js', ['DYNOSIM_INSPECT=9229'], Array.from({ length: 10 }, (_, index) => 9229 + index)],
    ['python -m debugpy --listen 5678 app.py', [], []],
    [ADAPTER, [], [5678]],
    ['python -m debugpy --wait-for-client --connect 10.0.0.1:5678 app.py', [], [5678]],
    ['java -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005 -jar a.jar', [], [5005]],
    ['java -jar a.jar', ['JAVA_TOOL_OPTIONS=-Xmx1m -agentlib:jdwp=server=y,address=5006'], [5006]],
    ['ruby app.rb', ['RUBYOPT=-r /gems/debug/open', 'RUBY_DEBUG_PORT=12345'], [12_345]],
    ['ruby app.rb --port 3000', ['PORT=3000'], []],
  ])('of %s with %j', (args, env, ports) => {
    expect(doorsIn(words(args, ...env))).toEqual(ports);
  });
});

describe('a program that waits for a debugger at its start', () => {
  test.each([
    ['node --inspect-brk server.js', [], true],
    ['node server.js', ['NODE_OPTIONS=--inspect-wait=9300'], true],
    ['node --inspect server.js', [], false],
    ['node server.js', ['DYNOSIM_INSPECT=9229,break'], true],
    ['node server.js', ['DYNOSIM_INSPECT=9229'], false],
    ['python -m debugpy --listen 5678 --wait-for-client app.py', [], true],
    ['python -m debugpy --listen 5678 app.py --wait-for-client', [], true],
    ['python -m debugpy --listen 5678 app.py', [], false],
    ['java -agentlib:jdwp=transport=dt_socket,server=y,address=5005 A', [], true],
    ['java -agentlib:jdwp=transport=dt_socket,suspend=n,address=5005 A', [], false],
    ['ruby app.rb', ['RUBYOPT=-r /gems/debug-1.4.0/lib/debug/open'], true],
    ['ruby app.rb', ['RUBY_DEBUG_NONSTOP=1', 'RUBYOPT=-r /gems/debug-1.4.0/lib/debug/open'], false],
  ])('%s with %j: %s', (args, env, waits) => {
    expect(waitsAtDoor(words(args, ...env))).toBe(waits);
  });
});
