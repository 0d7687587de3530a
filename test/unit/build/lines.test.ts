import { expect, test } from 'vitest';
import { formatBytes, Indenter } from '../../../src/build/lines.js';

test.each([
  [0, '0B'],
  [667, '667B'],
  [1024, '1.0K'],
  [1_782_580, '1.7M'],
  [245_891_072, '234.5M'],
])('%i bytes are %j', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('what a program prints is indented, however it comes in pieces', () => {
  const text = 'one\ntwo\n\nthree';
  const whole = '       one\n       two\n\n       three\n';
  for (let cut = 0; cut <= text.length; cut++) {
    let printed = '';
    const indenter = new Indenter((piece) => {
      printed += piece;
    });
    indenter.push(text.slice(0, cut));
    indenter.push(text.slice(cut));
    indenter.end();
    expect(printed).toBe(whole);
  }
});
