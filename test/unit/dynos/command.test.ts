import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { describeCommand, specOf } from '../../../src/dynos/command.js';
import { makeFolder } from '../../helpers/folder.js';

describe('the command in the log', () => {
  test('has $NAME replaced by its value where the dyno has one, and a name in braces never', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    const command = 'serve -p $PORT --name ${PORT} $MISSING';
    expect(describeCommand(command, { PORT: '5000' })).toBe(command.replace('$PORT', '5000'));
  });

  test.each([
    'API_KEY',
    'apiKey',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'DB_PASS',
    'DB_PWD',
    'GITHUB_TOKEN',
    'GOOGLE_CREDENTIALS',
    'JWT_SECRET_2',
    'KEY',
    'MYSQL_ROOT_PASSWORD',
    'PGPASSWORD',
    'PRIVATE_KEY_PEM',
    'REDIS_AUTH',
    'SECRET_KEY_BASE',
    'SENTRY_DSN',
  ])('shows no value of $%s', (name) => {
    expect(describeCommand(`run $${name}`, { [name]: 'hunter2' })).toBe('run ********');
  });

  test.each([
    'PWD',
    'OLDPWD',
    'AUTHOR',
    'AUTH0_DOMAIN',
    'KEYBOARD',
    'MONKEY',
    'PASSENGER_COUNT',
    'SECRETARY',
    'SSH_AUTH_SOCK',
    'TOKENIZERS_PARALLELISM',
  ])('shows the value of $%s, which is not a secret', (name) => {
    expect(describeCommand(`run $${name}`, { [name]: 'value' })).toBe('run value');
  });

  test('hides a URL with a password, in any variable', () => {
    const env = { DATABASE_URL: 'postgres://me:hunter2@db/app', SITE: 'https://example.com/a:b@c' };
    expect(describeCommand('run $DATABASE_URL $SITE', env)).toBe('run ******** https://example.com/a:b@c');
  });
});

describe('the process', () => {
  const dyno = { name: 'web.1', env: {} };

  test('is the command alone without a profile script', () => {
    const cwd = makeFolder();
    expect(specOf('node server.js', 'Eco', { ...dyno, cwd })).toEqual({
      ...dyno,
      cwd,
      command: ['bash', '-c', 'node server.js'],
      words: ['node', 'server.js'],
    });
  });

  test('has no words if bash must run profile scripts first', () => {
    const cwd = makeFolder({ '.profile': '' });
    expect(specOf('node server.js', 'Eco', { ...dyno, cwd }).words).toBeUndefined();
  });

  test('comes after the profile scripts, which know the size of the dyno', () => {
    const cwd = makeFolder({
      '.profile.d/a.sh': 'export SIZE="$dynosim_memory_mb MB, $dynosim_cpus CPUs"',
      '.profile': 'SIZE="$SIZE!"',
    });
    const [program, ...args] = specOf('echo "$SIZE$dynosim_cpus"', 'Performance-M', {
      ...dyno,
      cwd,
    }).command;
    expect(execFileSync(program, args, { cwd, encoding: 'utf8' })).toBe('2560 MB, 2 CPUs!\n');
  });
});
