import { describe, expect, test } from 'vitest';
import { AppConfig } from '../../../src/apps/app-config.js';
import { type Config, nameOrigin } from '../../../src/config/layers.js';
import { startFakeApp } from '../../helpers/fake-app.js';
import { FakeStore, fakeAddon } from '../../helpers/fake-layers.js';

const valuesOf = (config: Config): Readonly<Record<string, string>> =>
  Object.fromEntries([...config].map(([key, { value }]) => [key, value]));

describe('config vars', () => {
  test('is what the layers say, those of add-ons last, and each var knows where it comes from', () => {
    const store = new FakeStore({ A: '1', DATABASE_URL: 'mine' });
    const { vars } = new AppConfig([store, fakeAddon('postgresql-round-1', { DATABASE_URL: 'theirs' })]);
    expect(valuesOf(vars)).toEqual({ A: '1', DATABASE_URL: 'theirs' });
    const origins = [...vars].map(([key, { from }]) => `${key} of ${nameOrigin(from)}`);
    expect(origins).toEqual(['A of the config vars', 'DATABASE_URL of the add-on postgresql-round-1']);
  });

  test('after a rollback are those of before, with later changes', async () => {
    const store = new FakeStore({ A: '1' });
    const config = new AppConfig([store]);
    const before = config.vars;
    await config.write(new Map([['A', '2']]));
    expect(valuesOf(config.vars)).toEqual({ A: '2' });
    await config.rollBack(config.asBefore(before));
    await config.write(new Map([['B', '1']]));
    expect(valuesOf(config.vars)).toEqual({ A: '1', B: '1' });
    expect(valuesOf(store.vars())).toEqual({ A: '1', B: '1' });
  });

  test('after a rollback has the add-ons of now, and what these hide', async () => {
    const before = new AppConfig([new FakeStore({ A: '1' }), fakeAddon('old', { X: 'old' })]).vars;
    const store = new FakeStore({ A: '2', X: 'mine', Y: 'mine' });
    const config = new AppConfig([store, fakeAddon('new', { Y: 'new' })]);
    const after = config.asBefore(before);
    expect(valuesOf(after)).toEqual({ A: '1', X: 'mine', Y: 'new' });
    await config.rollBack(after);
    expect(valuesOf(config.vars)).toEqual({ A: '1', X: 'mine', Y: 'new' });
    expect(valuesOf(store.vars())).toEqual({ A: '1', X: 'mine', Y: 'mine' });
  });

  test('by an add-on is not overwritten, and then nothing is written', async () => {
    const store = new FakeStore({ A: '1' });
    const config = new AppConfig([store, fakeAddon('redis-flat-2', { REDIS_URL: 'redis://' })]);
    const changes = new Map([
      ['A', '2'],
      ['REDIS_URL', null],
    ]);
    await expect(config.write(changes)).rejects.toMatchObject({
      code: 'CONFIG_VAR_ATTACHED',
      message: 'Cannot overwrite attachment values REDIS_URL',
      hint: 'They come from redis-flat-2.',
    });
    expect(valuesOf(config.vars)).toEqual({ A: '1', REDIS_URL: 'redis://' });
  });
});

test('an app without files has releases, too: of its store and its add-ons', async () => {
  const addon = fakeAddon('postgresql-round-1', { DATABASE_URL: 'postgres://' });
  const { app, said } = await startFakeApp({ layers: [new FakeStore({ A: '1' }), addon] });
  expect(valuesOf(app.release.config)).toEqual({ A: '1', DATABASE_URL: 'postgres://' });
  await app.releases.updateConfigVars(new Map([['A', '2']]));
  expect(app.releases.views().at(-1)).toMatchObject({ version: 2, description: 'Set A config vars' });
  await expect(app.releases.updateConfigVars(new Map([['DATABASE_URL', 'x']]))).rejects.toMatchObject({
    code: 'CONFIG_VAR_ATTACHED',
  });
  said();
  await app.releases.rollback(1);
  expect(valuesOf(app.releases.configVars)).toEqual({ A: '1', DATABASE_URL: 'postgres://' });
  expect(said().join()).not.toContain('differs from the files');
});
