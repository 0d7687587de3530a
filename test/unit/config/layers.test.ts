import { describe, expect, test } from 'vitest';
import { type ConfigLayer, mergeLayers, nameOrigin, writeLayers } from '../../../src/config/layers.js';
import { FakeStore, fakeAddon } from '../../helpers/fake-layers.js';

const valuesOf = (layers: readonly ConfigLayer[]): Readonly<Record<string, string>> =>
  Object.fromEntries([...mergeLayers(layers)].map(([key, { value }]) => [key, value]));

describe('the layers of config vars', () => {
  test('later ones win, and each var knows where it comes from', () => {
    const layers = [
      new FakeStore({ A: '1', DATABASE_URL: 'mine' }),
      fakeAddon('postgresql-round-1', { DATABASE_URL: 'theirs' }),
    ];
    expect(valuesOf(layers)).toEqual({ A: '1', DATABASE_URL: 'theirs' });
    const origins = [...mergeLayers(layers)].map(([key, { from }]) => `${key} of ${nameOrigin(from)}`);
    expect(origins).toEqual(['A of the config vars', 'DATABASE_URL of the add-on postgresql-round-1']);
  });

  test('a key is written where it is, else into the last layer that can be written', async () => {
    const [first, last] = [new FakeStore({ A: '1' }), new FakeStore({ B: '1' })];
    const layers = [first, last, fakeAddon('redis', {})];
    await writeLayers(
      layers,
      new Map([
        ['A', '2'],
        ['B', '2'],
        ['C', '2'],
      ]),
    );
    expect([valuesOf([first]), valuesOf([last])]).toEqual([{ A: '2' }, { B: '2', C: '2' }]);
  });

  test('a key is removed from every layer that has it', async () => {
    const layers = [new FakeStore({ A: '1' }), new FakeStore({ A: '2', B: '2' })];
    await writeLayers(layers, new Map([['A', null]]));
    expect(layers.map((layer) => valuesOf([layer]))).toEqual([{}, { B: '2' }]);
  });

  test('what an add-on has brought is not overwritten, and then nothing is written', async () => {
    const layers = [new FakeStore({ A: '1' }), fakeAddon('redis-flat-2', { REDIS_URL: 'redis://' })];
    const changes = new Map([
      ['A', '2'],
      ['REDIS_URL', null],
    ]);
    await expect(writeLayers(layers, changes)).rejects.toMatchObject({
      code: 'CONFIG_VAR_ATTACHED',
      message: 'Cannot overwrite attachment values REDIS_URL',
      hint: 'They come from redis-flat-2.',
    });
    expect(valuesOf(layers)).toEqual({ A: '1', REDIS_URL: 'redis://' });
  });
});
