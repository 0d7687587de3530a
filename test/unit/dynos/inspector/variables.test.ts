import { expect, test } from 'vitest';
import { addInspector } from '../../../../src/dynos/inspector/variables.js';

const OURS = /^--require \S+\/src\/dynos\/inspector\/preload\.cjs --inspect-publish-uid=http$/;

test('an inspector is added to what the app has in NODE_OPTIONS', () => {
  const env = { NODE_OPTIONS: '--enable-source-maps', A: '1' };
  addInspector(env, { port: 9229, isBreaking: false });
  expect(env).toEqual({
    A: '1',
    DYNOSIM_INSPECT: '9229',
    NODE_OPTIONS: expect.stringMatching(/^--enable-source-maps --require /),
  });
});

test("takes the place of one that all of the dyno's Node processes would open", () => {
  const env: Record<string, string> = { NODE_OPTIONS: '--inspect-brk=9300' };
  addInspector(env, { port: 9239, isBreaking: true });
  expect(env.NODE_OPTIONS).toMatch(OURS);
  expect(env.DYNOSIM_INSPECT).toBe('9239,break');
});
