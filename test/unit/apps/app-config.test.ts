import { describe, expect, test } from 'vitest';
import { AppConfig } from '../../../src/apps/app-config.js';
import type { Config, ConfigLayer } from '../../../src/config/layers.js';
import { startFakeApp } from '../../helpers/fake-app.js';
import { FakeStore, fakeAddon } from '../../helpers/fake-layers.js';

const valuesOf = (config: Config): Readonly<Record<string, string>> =>
  Object.fromEntries([...config].map(([key, { value }]) => [key, value]));

describe('what is set', () => {
  test('is what the layers say, or what was rolled back to, until a layer changes', async () => {
    const store = new FakeStore({ A: '1' });
    const config = new AppConfig([store]);
    const before = config.vars;
    await config.write(new Map([['A', '2']]));
    expect(valuesOf(config.vars)).toEqual({ A: '2' });
    config.rollBack(config.asBefore(before));
    await config.write(new Map([['B', '1']]));
    expect(valuesOf(config.vars)).toEqual({ A: '1', B: '1' });
    expect(valuesOf(config.layered)).toEqual({ A: '2', B: '1' });
    config.followLayers();
    expect(valuesOf(config.vars)).toEqual({ A: '2', B: '1' });
  });

  test('after a rollback has the add-ons of now', () => {
    const layers: ConfigLayer[] = [new FakeStore({ A: '1' }), fakeAddon('old', { OLD_URL: 'old' })];
    const before = new AppConfig(layers).vars;
    const config = new AppConfig([new FakeStore({ A: '2' }), fakeAddon('new', { NEW_URL: 'new' })]);
    expect(valuesOf(config.asBefore(before))).toEqual({ A: '1', NEW_URL: 'new' });
  });
});

test('an app without files has releases, too: of its store and its add-ons', async () => {
  const addon = fakeAddon('postgresql-round-1', { DATABASE_URL: 'postgres://' });
  const { app, said } = await startFakeApp({ layers: [new FakeStore({ A: '1' }), addon] });
  expect(valuesOf(app.release.config)).toEqual({ A: '1', DATABASE_URL: 'postgres://' });
  await app.updateConfigVars(new Map([['A', '2']]));
  expect(app.releaseViews().at(-1)).toMatchObject({ version: 2, description: 'Set A config vars' });
  await expect(app.updateConfigVars(new Map([['DATABASE_URL', 'x']]))).rejects.toMatchObject({
    code: 'CONFIG_VAR_ATTACHED',
  });
  said();
  await app.rollback(1);
  expect(valuesOf(app.release.config)).toEqual({ A: '1', DATABASE_URL: 'postgres://' });
  expect(said()).toContain('dynosim[api]: what runs now differs from the files: Set A config vars');
});
