import { describe, expect, test } from 'vitest';
import { createLineReader } from '../../../../src/addons/postgres/lines.js';

const CONTEXT = { name: 'postgresql-round-1', folder: '/data/1', isStrict: false };

/** What each line means to a new reader. */
function read(line: string, context = CONTEXT) {
  return createLineReader(context)(line);
}

describe('lines become those of Heroku', () => {
  test('an error of a client', () => {
    expect(read('7 22012 client backend> ERROR:  division by zero')).toEqual({
      log: '[7-1]  sql_error_code = 22012 ERROR:  division by zero',
    });
  });

  test('a message of several lines', () => {
    const next = createLineReader(CONTEXT);
    next('8 22012 client backend> STATEMENT:  select');
    expect([next('\t1/0'), next('\t;'), next('9 00000 client backend> LOG:  duration: 1 ms')]).toEqual([
      { log: '[8-2] \t1/0' },
      { log: '[8-3] \t;' },
      { log: '[9-1]  sql_error_code = 00000 LOG:  duration: 1 ms' },
    ]);
  });

  test('not what the server says about itself and about connections', () => {
    expect(read('1 00000 postmaster> LOG:  starting PostgreSQL 17.10')).toEqual({});
    expect(read('3 00000 startup> LOG:  redo starts at 0/1')).toEqual({});
    expect(read('1 00000 client backend> LOG:  connection received: host=127.0.0.1 port=1')).toEqual({});
  });

  test('nor the rest of a line that is not shown', () => {
    const next = createLineReader(CONTEXT);
    next('1 00000 postmaster> LOG:  starting');
    expect(next('\tmore')).toEqual({});
  });
});

describe('what the host must know', () => {
  test('the server is ready', () => {
    const line = '6 00000 postmaster> LOG:  database system is ready to accept connections';
    expect(read(line)).toEqual({ means: 'ready' });
  });

  test('its port is taken, for TCP or for its socket', () => {
    const bind = 'could not bind IPv4 address "127.0.0.1": Address already in use';
    expect(read(`2 00000 postmaster> LOG:  ${bind}`)).toEqual({ means: 'port taken' });
    const lock = 'lock file "/run/user/0/dynosim/.s.PGSQL.5432.lock" already exists';
    expect(read(`2 F0001 postmaster> FATAL:  ${lock}`)).toEqual({ means: 'port taken' });
    const next = createLineReader(CONTEXT);
    next(`2 00000 postmaster> LOG:  ${bind}`);
    expect(next('5 XX000 postmaster> FATAL:  could not create any TCP/IP sockets')).toEqual({});
  });

  test('why it ends, but not why it ends a connection', () => {
    const lost = 'could not load server certificate file "server.crt": no start line';
    expect(read(`1 F0000 postmaster> FATAL:  ${lost}`)).toMatchObject({ failure: lost });
    const many = 'too many connections for role "u1"';
    expect(read(`1 53300 client backend> FATAL:  ${many}`)).toEqual({
      log: `[1-1]  sql_error_code = 53300 FATAL:  ${many}`,
    });
  });
});

test('a crash of a process is the reason for an end, unless a panic was', () => {
  const crash = 'server process (PID 12) was terminated by signal 6: Aborted';
  const next = createLineReader(CONTEXT);
  expect(next(`5 00000 postmaster> LOG:  ${crash}`)).toEqual({ failure: crash });
  next('1 53100 checkpointer> PANIC:  could not write to file');
  expect(next(`6 00000 postmaster> LOG:  ${crash}`)).toEqual({});
});

describe('remarks name what goes wrong and the remedy', () => {
  const remarkOf = (line: string): string | undefined => read(line).remark;

  test('a full disk', () => {
    const line = '3 53100 client backend> ERROR:  could not extend file "base/5/1": No space left on device';
    expect(remarkOf(line)).toBe(
      'postgresql-round-1 cannot write: the disk of /data/1 is full. Free some space there.',
    );
  });

  test.each([
    'could not locate a valid checkpoint record',
    'could not open file "global/pg_control": No such file or directory',
    'database files are incompatible with server',
  ])('damaged data: %s', (text) => {
    expect(remarkOf(`3 XX000 startup> PANIC:  ${text}`)).toBe(
      'The data of postgresql-round-1 in /data/1 is damaged. Restore the folder, or destroy the add-on.',
    );
  });

  const authorized = 'connection authorized: user=u1abc database=d1';
  const connection = (text: string): string => `2 00000 client backend> LOG:  ${text}`;

  test('a client without TLS, unless it is refused', () => {
    expect(remarkOf(connection(authorized))).toMatch(/^A client of postgresql-round-1 does not use TLS\./);
    expect(remarkOf(connection(`${authorized} SSL enabled (protocol=TLSv1.3)`))).toBeUndefined();
    expect(read(connection(authorized), { ...CONTEXT, isStrict: true }).remark).toBeUndefined();
  });

  test('not dynosim itself, which uses the socket', () => {
    expect(remarkOf(connection('connection authorized: user=postgres database=d1'))).toBeUndefined();
  });
});
