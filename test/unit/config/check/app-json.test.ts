import { describe, expect, it } from 'vitest';
import { checkAppJson } from '../../../../src/config/check/app-json.js';
import { formatProblem } from '../../../../src/procfile/problem.js';
import { makeFolder } from '../../../helpers/folder.js';

function warnings(text: string, ...set: readonly string[]): string[] {
  const dir = makeFolder({ 'app.json': text });
  return checkAppJson(dir, (key) => set.includes(key)).map(formatProblem);
}

const APP = `{
  "env": {
    "SECRET": { "description": "x", "generator": "secret" },
    "REGION": { "value": "eu" },
    "DEBUG": "0",
    "EXTRA": { "required": false },
    "API_KEY": {}
  },
  "addons": ["heroku-postgresql:mini", { "plan": "heroku-redis", "as": "CACHE" }, "papertrail"]
}`;

describe('app.json', () => {
  it('names the config vars and add-ons that are required and not there, with their lines', () => {
    expect(warnings(APP)).toEqual([
      'app.json:3: warning: The config var `SECRET` is required and not set. Set it: dynosim config:set SECRET=…',
      'app.json:7: warning: The config var `API_KEY` is required and not set. Set it: dynosim config:set API_KEY=…',
      'app.json:9: warning: The add-on `heroku-postgresql` would set `DATABASE_URL`, which is not set here. Run that service yourself, and set DATABASE_URL in an env file.',
      'app.json:9: warning: The add-on `heroku-redis` would set `CACHE_URL`, which is not set here. Run that service yourself, and set CACHE_URL in an env file.',
    ]);
  });

  it('is content where they are set', () => {
    expect(warnings(APP, 'SECRET', 'API_KEY', 'DATABASE_URL', 'CACHE_URL')).toEqual([]);
  });

  it.each(['{}', '{"expo": {"name": "x"}}', '{"env": null}', '{"addons": "x"}', '[]', '{nope', ''])(
    'has nothing to say of %s',
    (text) => {
      expect(warnings(text)).toEqual([]);
    },
  );
});
