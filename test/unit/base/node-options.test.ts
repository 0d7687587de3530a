import { expect, test } from 'vitest';
import { inspectFlagsOf, keepInspectFlags, withoutKept } from '../../../src/base/node-options.js';

const BOOTLOADER = '--require "/My Code/bootloader.js"';

test.each([
  ['--inspect', { isBreaking: false, port: undefined }, ''],
  ['--inspect=9300', { isBreaking: false, port: 9300 }, ''],
  ['--inspect-brk=0.0.0.0:9300', { isBreaking: true, port: 9300 }, ''],
  ['--inspect-wait=0', { isBreaking: true, port: undefined }, ''],
  ['--a=1 --inspect=[::1]:9300  --b', { isBreaking: false, port: 9300 }, '--a=1 --b'],
  [`${BOOTLOADER} --inspect`, { isBreaking: false, port: undefined }, BOOTLOADER],
  ['--inspect-publish-uid=http --inspect-port=9300', undefined, undefined],
])('NODE_OPTIONS=%s is kept from dynosim for the app', (options, flags, rest) => {
  const env: NodeJS.ProcessEnv = { A: '1', NODE_OPTIONS: options };
  expect(keepInspectFlags(env)).toBe(true);
  expect(env.NODE_OPTIONS).toBe(rest ?? options);
  expect(inspectFlagsOf(env)).toEqual(flags);
  expect(withoutKept(env, true)).toEqual({ A: '1', NODE_OPTIONS: options });
  expect(withoutKept(env, false)).toEqual({ A: '1', NODE_OPTIONS: rest ?? options });
});

test.each([undefined, '', BOOTLOADER])('NODE_OPTIONS=%s stays', (options) => {
  const env: NodeJS.ProcessEnv = { ...(options !== undefined && { NODE_OPTIONS: options }) };
  expect(keepInspectFlags(env)).toBe(false);
  expect(inspectFlagsOf(env)).toBeUndefined();
  expect(withoutKept(env, true)).toBe(env);
});
