import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { DYNO_SIZE_NAMES, type DynoSizeName } from '../../../src/base/sizes.js';
import { PROFILE as NODE_PROFILE } from '../../../src/build/nodejs/profile.js';
import { languageVars } from '../../../src/config/language-env.js';
import { specOf } from '../../../src/dynos/command.js';
import { makeFolder } from '../../helpers/folder.js';

/** The environment of a dyno that has these profile scripts. */
function dynoEnv(
  profile: string,
  { size = 'Eco', env = {} }: { size?: DynoSizeName; env?: Record<string, string> } = {},
): Record<string, string | undefined> {
  const cwd = makeFolder({ '.profile.d/language.sh': profile });
  const whole = { PATH: process.env.PATH ?? '', HOME: cwd, ...env };
  const [program, ...args] = specOf('env', size, { name: 'web.1', cwd, env: whole }).command;
  const text = execFileSync(program, args, { cwd, env: whole, encoding: 'utf8' });
  return Object.fromEntries(text.split('\n').map((line) => /^(\w+)=(.*)/.exec(line)?.slice(1) ?? []));
}

describe.each([['Node.js', 'package.json', NODE_PROFILE]])(
  'the profile script for %s',
  (_, file, profile) => {
    const dir = () => makeFolder({ [file]: '' });

    test.each(DYNO_SIZE_NAMES)('gives a %s dyno what an app in a folder gets', (size) => {
      expect(dynoEnv(profile, { size })).toMatchObject(Object.fromEntries(languageVars(dir(), size)));
    });

    test('changes no config var', () => {
      const set = Object.fromEntries(languageVars(dir(), 'Eco').map(([name]) => [name, '17']));
      const env = dynoEnv(profile, { env: set });
      expect(env).toMatchObject(set);
      expect(env.WEB_CONCURRENCY_SET_BY).toBeUndefined();
    });
  },
);

test('Node.js apps run in production, unless they are told otherwise', () => {
  expect(dynoEnv(NODE_PROFILE)).toMatchObject({
    NODE_ENV: 'production',
    MEMORY_AVAILABLE: '512',
    WEB_MEMORY: '512',
  });
  expect(dynoEnv(NODE_PROFILE, { env: { NODE_ENV: 'staging', WEB_MEMORY: '128' } })).toMatchObject({
    NODE_ENV: 'staging',
    WEB_CONCURRENCY: '4',
    WEB_CONCURRENCY_SET_BY: 'heroku/nodejs',
  });
});
