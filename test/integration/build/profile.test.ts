import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { DYNO_SIZE_NAMES, type DynoSizeName } from '../../../src/base/sizes.js';
import { PROFILE as JAVA_PROFILE } from '../../../src/build/java/profile.js';
import { PROFILE as NODE_PROFILE } from '../../../src/build/nodejs/profile.js';
import { PROFILE as PYTHON_PROFILE } from '../../../src/build/python/profile.js';
import { PROFILE as RUBY_PROFILE } from '../../../src/build/ruby/profile.js';
import { languageVars } from '../../../src/config/language-env.js';
import { languagesOf } from '../../../src/config/languages.js';
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

describe.each([
  ['Node.js', 'package.json', NODE_PROFILE],
  ['Python', 'requirements.txt', PYTHON_PROFILE],
  ['Ruby', 'Gemfile', RUBY_PROFILE],
  ['Java', 'pom.xml', JAVA_PROFILE],
])('the profile script for %s', (_, file, profile) => {
  const languages = () => languagesOf(makeFolder({ [file]: '' }));

  test.each(DYNO_SIZE_NAMES)('gives a %s dyno what an app in a folder gets', (size) => {
    expect(dynoEnv(profile, { size })).toMatchObject(
      Object.fromEntries(languageVars(languages(), size, 'safe')),
    );
  });

  test('changes no config var', () => {
    const set = Object.fromEntries(languageVars(languages(), 'Eco', 'safe').map(([name]) => [name, '17']));
    const env = dynoEnv(profile, { env: set });
    expect(env).toMatchObject(set);
    expect(env.WEB_CONCURRENCY_SET_BY).toBeUndefined();
  });
});

test('Node.js apps run in production, unless set otherwise', () => {
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

test('Python apps are told why they get so many workers', () => {
  const cwd = makeFolder({ '.profile.d/python.sh': PYTHON_PROFILE });
  const tellOf = (size: DynoSizeName, env: Record<string, string>): string => {
    const [program, ...args] = specOf('true', size, { name: 'web.1', cwd, env }).command;
    return spawnSync(program, args, { cwd, env, encoding: 'utf8' }).stderr;
  };
  const env = { PATH: process.env.PATH ?? '', HOME: cwd };
  expect(
    tellOf('Eco', { ...env, DYNO: 'web.1' }),
  ).toBe(`Python buildpack: Detected 512 MB available memory and 8 CPU cores.
Python buildpack: Defaulting WEB_CONCURRENCY to 2 based on the available memory.
`);
  expect(tellOf('Performance-M', { ...env, DYNO: 'web.1' })).toContain(
    'to 5 based on the number of CPU cores.\n',
  );
  expect(tellOf('Eco', { ...env, DYNO: 'web.1', WEB_CONCURRENCY: '7' })).toContain(
    "since it's already set.\n",
  );
  expect(tellOf('Eco', { ...env, DYNO: 'worker.1' })).toBe('');
});
