import { expect, test } from 'vitest';
import { ReplyParser } from '../../../../src/addons/redis/replies.js';

const ANSWERS = Buffer.from(
  '+OK\r\n-ERR unknown command\r\n:42\r\n$5\r\nhé\r\n\r\n$-1\r\n$0\r\n\r\n*-1\r\n*3\r\n:1\r\n*1\r\n$1\r\na\r\n+x\r\n',
);

const REPLIES = ['OK', { error: 'ERR unknown command' }, 42, 'hé\r\n', null, '', null, [1, ['a'], 'x']];

test('reads every kind of answer', () => {
  expect(new ReplyParser().push(ANSWERS)).toEqual(REPLIES);
});

test('answers may come in any pieces', () => {
  for (const size of [1, 2, 3, 7]) {
    const parser = new ReplyParser();
    const replies = [];
    for (let at = 0; at < ANSWERS.length; at += size)
      replies.push(...parser.push(ANSWERS.subarray(at, at + size)));
    expect(replies).toEqual(REPLIES);
  }
});

test('anything else is an error', () => {
  expect(new ReplyParser().push(Buffer.from('HTTP/1.1 400\r\n'))).toEqual([
    { error: 'unexpected answer "TTP/1.1 400"' },
  ]);
});
