import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RUNTIME_ERRORS, type RuntimeErrorCode, runtimeError } from '../../../src/dynos/runtime-errors.js';

test('each code has its line', () => {
  const codes = Object.keys(RUNTIME_ERRORS) as RuntimeErrorCode[];
  expect(codes.map((code) => runtimeError(code, 30_000))).toEqual([
    'Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 30 seconds of launch',
    'Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM',
    'Error R13 (Attach error) -> Failed to attach to process',
    'Error R14 (Memory quota exceeded)',
    'Error R15 (Memory quota vastly exceeded)',
    'Error R16 (Detached) -> An attached process is not responding to SIGHUP after its external connection was closed.',
  ]);
});

test('docs/dyno-errors.md lists every code, and no other', () => {
  const text = readFileSync(new URL('../../../docs/dyno-errors.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| (R\d+) \| ([^|]*) \|/gm)].map(
    ([, code, title]) => `${code} ${title}`,
  );
  expect(listed).toEqual(Object.entries(RUNTIME_ERRORS).map(([code, { title }]) => `${code} ${title}`));
});
