import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Attachments } from '../../../src/api/attach/attachments.js';
import { createRoutes } from '../../../src/api/server/routes.js';
import { call, SLEEPERS, startDemo } from './world.js';

/** What a field of a body may be, and mostly should not. */
const VALUES = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'web',
  'web.1',
  '1',
  '+1',
  'eco',
  '\u0000',
  '💥',
  'a\nb',
  '__proto__',
  [],
  [null],
  {},
  { name: 'eco' },
];
const FIELDS = [
  ...['updates', 'type', 'quantity', 'size', 'dyno_size', 'lines', 'tail', 'source', 'dyno', 'dyno_name'],
  ...['release', 'maintenance', 'enabled', 'columns', 'rows', 'url', 'code', 'attach', 'env', '__proto__'],
  ...['source_blob', 'slug', 'description', 'hostname', 'buildpack', 'buildpacks', 'name', 'stack'],
];
const PARAMS = [
  'demo',
  'web',
  'web.1',
  'preboot',
  '1',
  'v1',
  '%00',
  '..',
  '%F0%9F%92%A5',
  '__proto__',
  'x'.repeat(300),
];

/** Those that wait, start a command or end dynosim have tests of their own. */
const EXCEPT = /\/stop$|\/events$|clock\/advance$|^\/auth\/|^\/release-output|^\/dynosim\/apps\/:app$/;

test('nothing that is asked of the API makes it fail', { timeout: 120_000 }, async () => {
  const { host } = await startDemo(SLEEPERS);
  const time = { real: { now: () => 0, after: () => () => {} }, wall: () => 0 };
  const attachments = new Attachments(time.real);
  const routes = createRoutes({ time, attachments, token: 'secret', instance: 'this' }).filter(
    ({ path }) => !EXCEPT.test(path),
  );
  const body = fc.oneof(
    fc.constantFrom(...VALUES),
    fc.dictionary(
      fc.constantFrom(...FIELDS),
      fc.oneof(
        fc.constantFrom(...VALUES),
        fc.array(fc.dictionary(fc.constantFrom(...FIELDS), fc.constantFrom(...VALUES))),
      ),
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.array(fc.constantFrom(...PARAMS), { minLength: 3, maxLength: 3 }),
      body,
      fc.constantFrom('', 'version ..; max=1', 'version ]..', ']]]..; max=x', 'id 🙂'.slice(0, 3)),
      async ({ method, path }, params, asked, Range) => {
        let next = 0;
        const target = path.replace('/:app/', '/demo/').replace(/:\w+/g, () => params[next++] ?? '');
        const hasBody = method !== 'GET' && method !== 'DELETE';
        const { status } = await call(host, method, target, {
          ...(hasBody && { body: asked }),
          headers: Range === '' ? {} : { Range },
        });
        expect(status, `${method} ${target} ${JSON.stringify(asked)}`).not.toBe(500);
      },
    ),
    { numRuns: 500 },
  );
});
