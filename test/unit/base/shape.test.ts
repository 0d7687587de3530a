import { describe, expect, test } from 'vitest';
import { DYNO_TARGET, LOG_FILTER, RUN_REQUEST, SCALE_REQUEST } from '../../../src/apps/requests.js';
import { count, list, nullable, object, oneOf, record, type Shape, text } from '../../../src/base/shape.js';

function said(shape: Shape<unknown>, value: unknown): unknown {
  try {
    return shape(value, 'request');
  } catch (error) {
    return String(error);
  }
}

describe('a shape', () => {
  test('names the invalid part of a value', () => {
    const shape = object({ names: list(text) }, { size: oneOf('S', 'L'), env: record(nullable(count)) });
    expect(
      [
        {},
        [],
        null,
        { names: 'a' },
        { names: ['a', 1] },
        { names: [], size: 'M' },
        { names: [], env: { A: 0.5 } },
      ].map((value) => said(shape, value)),
    ).toEqual([
      'UserError: request.names must be a list',
      'UserError: request must be an object',
      'UserError: request must be an object',
      'UserError: request.names must be a list',
      'UserError: request.names[1] must be a string',
      'UserError: request.size must be S, L',
      'UserError: request.env.A must be a whole number, 0 or more',
    ]);
  });

  test('leaves out keys that are not its own, and optional ones that are not there', () => {
    const shape = object({ a: text }, { b: text });
    expect(shape({ a: '1', b: undefined, c: 3 }, 'request')).toStrictEqual({ a: '1' });
  });
});

test('a command is not blank, and no name of a dyno may colour a log', () => {
  const run = (request: object): unknown => said(RUN_REQUEST, { command: 'ls', env: {}, ...request });
  expect([run({ command: ' ' }), run({ type: '' }), run({ type: '\u001b[31mred' })]).toEqual([
    'UserError: request.command must be a command',
    'UserError: request.type must be letters, digits, - and _',
    'UserError: request.type must be letters, digits, - and _',
  ]);
});

test('requests keep what they are made of', () => {
  const requests = [
    [SCALE_REQUEST, { changes: [{ type: 'web', quantity: { by: -1 }, size: 'Basic' }, { type: 'worker' }] }],
    [DYNO_TARGET, { kind: 'dyno', name: 'web.1' }],
    [DYNO_TARGET, { kind: 'all' }],
    [RUN_REQUEST, { command: 'ls', env: { A: '1' }, terminal: { columns: 80, rows: 24 } }],
    [LOG_FILTER, { lines: 10, tail: true, source: 'app' }],
  ] as const;
  for (const [shape, value] of requests) expect(said(shape, value)).toStrictEqual(value);
});
