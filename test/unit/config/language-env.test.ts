import { expect, it } from 'vitest';
import type { DynoSizeName } from '../../../src/base/sizes.js';
import { type BuildpackEnv, languageVars } from '../../../src/config/language-env.js';
import { languagesOf } from '../../../src/config/languages.js';
import { makeFolder } from '../../helpers/folder.js';

function given(
  files: Readonly<Record<string, string>>,
  size: DynoSizeName = 'Eco',
  buildpackEnv: BuildpackEnv = 'safe',
) {
  return Object.fromEntries(languageVars(languagesOf(makeFolder(files)), size, buildpackEnv));
}

it.each<[string, Record<string, string>, Record<string, string>]>([
  ['none', { Procfile: '' }, {}],
  ['Node.js', { 'package.json': '{}' }, { WEB_CONCURRENCY: '1' }],
  [
    'Python',
    { 'requirements.txt': '' },
    { WEB_CONCURRENCY: '2', FORWARDED_ALLOW_IPS: '*', GUNICORN_CMD_ARGS: '--access-logfile -' },
  ],
  [
    'Python and Node.js',
    { Pipfile: '', 'package.json': '{}' },
    { WEB_CONCURRENCY: '2', FORWARDED_ALLOW_IPS: '*', GUNICORN_CMD_ARGS: '--access-logfile -' },
  ],
  ['Ruby', { Gemfile: '' }, { RAILS_LOG_TO_STDOUT: 'enabled' }],
  [
    'Java',
    { 'pom.xml': '' },
    { JAVA_TOOL_OPTIONS: '-Xmx300m -Xss512k -XX:CICompilerCount=2 -Dfile.encoding=UTF-8' },
  ],
])('a dyno of an app in %s is given what the buildpack sets', (_, files, vars) => {
  expect(given(files)).toEqual(vars);
});

/** https://devcenter.heroku.com/articles/python-concurrency */
it('counts workers by the size of the dyno', () => {
  const sizes = ['Eco', 'Standard-2X', 'Performance-M', 'Performance-L', 'Performance-XL'] as const;
  const workers = (file: string) => sizes.map((size) => given({ [file]: '' }, size).WEB_CONCURRENCY);
  expect(workers('requirements.txt')).toEqual(['2', '4', '5', '17', '17']);
  expect(workers('package.json')).toEqual(['1', '2', '5', '28', '31']);
  expect(given({ 'pom.xml': '' }, 'Standard-2X')).toEqual({});
});

it('sets what makes it an app in production only if asked to, or nothing at all', () => {
  const files = { 'package.json': '{}', Gemfile: '' };
  expect(given(files, 'Eco', 'full')).toEqual({
    ...given(files),
    NODE_ENV: 'production',
    RACK_ENV: 'production',
    RAILS_ENV: 'production',
    RAILS_SERVE_STATIC_FILES: 'enabled',
    MALLOC_ARENA_MAX: '2',
  });
  expect(given(files, 'Eco', 'none')).toEqual({});
});
