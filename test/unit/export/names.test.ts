import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkHost, checkImage, serviceNames } from '../../../src/export/names.js';

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

test('names become DNS labels', () => {
  const names = ['web', 'Mail_Worker', '-2nd-', 'a.b', `x${'y'.repeat(80)}`];
  expect([...serviceNames(names)]).toEqual([
    ['web', 'web'],
    ['Mail_Worker', 'mail-worker'],
    ['-2nd-', '2nd'],
    ['a.b', 'a-b'],
    [`x${'y'.repeat(80)}`, `x${'y'.repeat(51)}`],
  ]);
  expect([...serviceNames(['web'], { prefix: 'my-app-' })]).toEqual([['web', 'my-app-web']]);
});

test('every process type gets a label of its own, or an error that names it', () => {
  const type = fc.stringMatching(/^[\w-]{1,70}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(type, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('', 'my-app-'),
      (types, prefix) => {
        try {
          const labels = [...serviceNames(types, { prefix }).values()];
          expect(new Set(labels).size).toBe(types.length);
          for (const label of labels) expect(label).toMatch(LABEL);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^NAME_(?:CLASH|EMPTY)$/) });
        }
      },
    ),
  );
});

test.each([
  [['my_worker', 'my-worker'], '`my_worker` and `my-worker` would both be the service my-worker'],
  [['web', 'WEB'], '`web` and `WEB` would both be the service web'],
  [['__'], '`__` cannot be the name of a service'],
])('%j is refused in one line', (types, message) => {
  expect(() => serviceNames(types)).toThrow(message);
});

test.each([
  'my-app',
  'team/my-app:v1',
  'localhost:5000/a',
  'registry.example.com/a/b-c_d.e:V1.2',
  `a@sha256:${'0'.repeat(64)}`,
])('an image may be named %s', (name) => {
  expect(checkImage(name)).toBe(name);
});

test.each(['', 'My-App', 'a b', 'a:', '-a', 'a//b', 'a$b', 'https://a/b'])(
  'no image is named "%s"',
  (name) => {
    expect(() => checkImage(name)).toThrow('is not the name of an image');
  },
);

test.each(['my-app.example.com', 'localhost', '*.example.com'])('a host may be named %s', (name) => {
  expect(checkHost(name)).toBe(name);
});

test.each(['', 'https://a', 'a b', 'A.example.com', 'a.', 'a_b.example.com', '*'])(
  'no host is named "%s"',
  (name) => {
    expect(() => checkHost(name)).toThrow('is not a host name');
  },
);
