import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventParser } from '../../../../src/dashboard/wire/sse.js';

const STREAM =
  'event: dyno\ndata: {"name":"web.1"}\n\n:\n\ndata: [1]\n\nevent: current\ndata: {"apps":["ä"]}\n\n';
const EVENTS = [
  { name: 'dyno', data: '{"name":"web.1"}' },
  { name: 'message', data: '[1]' },
  { name: 'current', data: '{"apps":["ä"]}' },
];

test('a stream has the same events wherever it is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: STREAM.length })), (cuts) => {
      const places = [0, ...cuts.sort((one, other) => one - other), STREAM.length];
      const parse = createEventParser();
      const events = places.slice(1).flatMap((end, index) => parse(STREAM.slice(places[index], end)));
      expect(events).toEqual(EVENTS);
    }),
  );
});
