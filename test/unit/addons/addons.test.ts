import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Addons } from '../../../src/addons/addons.js';
import { FakeAddonApp, fakeAddonsWorld } from '../../helpers/fake-addons.js';
import type { FakeTree } from '../../helpers/fake-containment.js';
import { settle } from '../../helpers/manual-clock.js';

const POSTGRES = 'heroku-postgresql:essential-0';

type World = ReturnType<typeof fakeAddonsWorld>;

/** Lets files be written, until a condition holds. */
async function until(isSo: () => boolean): Promise<void> {
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
  });
  while (!isSo() && !isOver) await settle();
}

async function endsWhenAsked(tree: FakeTree): Promise<void> {
  await until(() => tree.signals.length > 0);
  tree.exit(0);
}

/** Creates an add-on whose server becomes ready. */
async function createIn(
  { containment }: World,
  addons: Addons,
  request: Partial<Parameters<Addons['create']>[0]> = {},
) {
  const before = containment.trees.length;
  const { name } = await addons.create({ app: 'demo', plan: POSTGRES, ...request });
  await until(() => containment.trees.length > before);
  containment.of(name).output.write('ready\n');
  return addons.settled(name);
}

async function created(request: Partial<Parameters<Addons['create']>[0]> = {}) {
  const world = fakeAddonsWorld();
  const addons = world.open();
  const addon = await createIn(world, addons, request);
  const [demo, other] = world.apps as [FakeAddonApp, FakeAddonApp];
  return { ...world, addons, addon, demo, other, create: (more = {}) => createIn(world, addons, more) };
}

describe('creating one', () => {
  test('makes two releases; the second one sets its config vars', async () => {
    const { addon, demo, other, addons, world } = await created({ name: 'db-1' });
    expect(addon).toMatchObject({
      name: 'db-1',
      service: 'heroku-postgresql',
      plan: 'essential-0',
      app: 'demo',
      state: 'provisioned',
      configVars: ['DATABASE_URL'],
    });
    expect(demo.releases).toEqual([
      'Attach DATABASE (@ref:db-1)',
      '@ref:db-1 completed provisioning, setting DATABASE_URL. by heroku-postgresql@addons.heroku.com',
    ]);
    expect(demo.values).toEqual({ DATABASE_URL: 'db://pw@25001' });
    expect(other.values).toEqual({});
    expect(await addons.attachments()).toMatchObject([{ name: 'DATABASE', addon: 'db-1', app: 'demo' }]);
    expect(statSync(join(world.folder, 'addons.json')).mode & 0o777).toBe(0o600);
    expect(statSync(world.folder).mode & 0o777).toBe(0o700);
  });

  test('a second one of a service gets a color, and --as any name', async () => {
    const { create } = await created();
    expect((await create()).configVars).toEqual([expect.stringMatching(/^HEROKU_POSTGRESQL_[A-Z]+_URL$/)]);
    expect((await create({ as: 'my-db' })).configVars).toEqual(['MY_DB_URL']);
    await expect(create({ as: 'my_db' })).rejects.toMatchObject({ code: 'ATTACHMENT_TAKEN' });
    await expect(create({ as: '1st' })).rejects.toMatchObject({ code: 'BAD_ATTACHMENT_NAME' });
  });

  test('needs a confirmation to hide a config var of the app', async () => {
    const { addons, demo, create } = await created();
    demo.own.set('CACHE_URL', { value: 'x', from: { kind: 'store' } });
    await expect(addons.create({ app: 'demo', plan: POSTGRES, as: 'cache' })).rejects.toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
      message: 'Adding CACHE to app demo would overwrite existing vars CACHE_URL.',
    });
    expect(await create({ as: 'cache', confirm: 'demo' })).toMatchObject({ state: 'provisioned' });
  });

  test.each([
    ['heroku-postgresql:hobby-dev', {}, 'NO_SUCH_PLAN'],
    ['papertrail', {}, 'NO_SUCH_PLAN'],
    ['toString', {}, 'NO_SUCH_PLAN'],
    [POSTGRES, { name: 'db-1' }, 'NAME_TAKEN'],
    [POSTGRES, { name: 'X' }, 'BAD_ADDON_NAME'],
  ])('is refused, and leaves nothing: %s %j', async (plan, more, code) => {
    const { addons, demo } = await created({ name: 'db-1' });
    await expect(addons.create({ app: 'demo', plan, ...more })).rejects.toMatchObject({ code });
    expect(await addons.list()).toHaveLength(1);
    expect(demo.releases).toHaveLength(2);
  });

  test('for an app that is destroyed meanwhile is refused', async () => {
    const world = fakeAddonsWorld();
    const addons = world.open();
    let plan = (): void => {};
    const planned = new Promise<void>((resolve) => {
      plan = resolve;
    });
    world.driver.plan = async () => {
      await planned;
      return {};
    };
    const creating = addons.create({ app: 'demo', plan: POSTGRES });
    world.apps.shift();
    plan();
    await expect(creating).rejects.toThrow('There is no app demo');
    expect(await addons.list()).toEqual([]);
  });

  test('on a full disk is told, and is no bug', async () => {
    const world = fakeAddonsWorld();
    const addons = world.open();
    const [demo] = world.apps;
    if (demo) demo.isFull = true;
    const { name } = await addons.create({ app: 'demo', plan: POSTGRES });
    expect(await addons.settled(name)).toMatchObject({
      state: 'deprovisioned',
      problem: 'Cannot write: no space left',
    });
    expect(demo?.lines[0]).toBe(`dynosim: ${name} was not created: Cannot write: no space left`);
    expect(world.bugs).toEqual([]);
  });

  test('that fails is told, taken back, and found with its problem', async () => {
    const world = fakeAddonsWorld();
    const addons = world.open();
    world.driver.failure = Object.assign(new Error('no'), {});
    const { name } = await addons.create({ app: 'demo', plan: POSTGRES, name: 'db-1' });
    expect(await addons.settled(name)).toMatchObject({ state: 'deprovisioned', problem: 'no' });
    expect(await addons.list()).toEqual([]);
    expect(world.apps[0]?.releases).toEqual(['Attach DATABASE (@ref:db-1)', 'Detach DATABASE (@ref:db-1)']);
    expect(world.apps[0]?.lines).toEqual(['dynosim: db-1 was not created: no']);
    // It was no mistake of the user's.
    expect(world.bugs).toHaveLength(1);
  });
});

test('an upgrade keeps the data, and applies the limits of the new plan', async () => {
  const { addons, addon, driver } = await created();
  expect(await addons.upgrade(addon.name, 'essential-1')).toMatchObject({ plan: 'essential-1' });
  expect(driver.asked).toEqual(['create', 'prepare essential-0', 'prepare essential-1']);
  await expect(addons.upgrade(addon.name, 'heroku-redis:mini')).rejects.toMatchObject({
    code: 'NO_SUCH_PLAN',
  });
  await expect(addons.upgrade('db-9', 'essential-1')).rejects.toMatchObject({ code: 'NO_SUCH_ADDON' });
});

test('a rename changes nothing else', async () => {
  const { addons, addon, create } = await created();
  const second = await create();
  expect(await addons.rename(addon.name, 'my-db')).toMatchObject({ id: addon.id, name: 'my-db' });
  await expect(addons.rename('my-db', second.name)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
});

describe('an attachment', () => {
  test('gives another app the config var, until it is detached', async () => {
    const { addons, addon, other } = await created({ name: 'db-1' });
    const attachment = await addons.attach({ addon: 'db-1', app: 'other', as: 'SHARED' });
    expect(other.values).toEqual({ SHARED_URL: 'db://pw@25001' });
    await addons.detach(attachment.id);
    expect(other.values).toEqual({});
    expect(other.releases).toEqual(['Attach SHARED (@ref:db-1)', 'Detach SHARED (@ref:db-1)']);
    expect((await addons.find(addon.id))?.configVars).toEqual(['DATABASE_URL']);
  });

  test('that is the last one of the owner stays', async () => {
    const { addons } = await created({ name: 'db-1' });
    const [only] = await addons.attachments();
    await expect(addons.detach(only?.id ?? '')).rejects.toMatchObject({
      message: 'Cannot destroy last attachment to billing app for resource db-1',
    });
    await addons.attach({ addon: 'db-1', app: 'demo' });
    await expect(addons.detach(only?.id ?? '')).resolves.toMatchObject({ name: 'DATABASE' });
  });

  test('in an app that does not run is removed without a release', async () => {
    const { addons, apps } = await created({ name: 'db-1' });
    const attachment = await addons.attach({ addon: 'db-1', app: 'other', as: 'SHARED' });
    apps.pop();
    expect(await addons.detach(attachment.id)).toMatchObject({ app: 'other-id', name: 'SHARED' });
    expect(await addons.attachments()).toHaveLength(1);
  });

  test('takes the place of another one when that is confirmed, in two releases', async () => {
    const { addons, create, demo } = await created({ name: 'db-1' });
    await create({ name: 'db-2' });
    await addons.attach({ addon: 'db-1', app: 'demo', as: 'OLD' });
    demo.releases.length = 0;
    const request = { addon: 'db-2', app: 'demo', as: 'DATABASE' };
    await expect(addons.attach(request)).rejects.toMatchObject({ code: 'ATTACHMENT_TAKEN' });
    await addons.attach({ ...request, confirm: 'demo' });
    expect(demo.releases).toEqual(['Detach DATABASE (@ref:db-1)', 'Attach DATABASE (@ref:db-2)']);
    expect(demo.values).toMatchObject({ DATABASE_URL: 'db://pw@25002' });
  });
});

test('an attachment that is the last one of its owner gives way to no other', async () => {
  const { addons, create, demo } = await created({ name: 'db-1' });
  await create({ name: 'db-2' });
  const request = { addon: 'db-2', app: 'demo', as: 'DATABASE', confirm: 'demo' };
  await expect(addons.attach(request)).rejects.toMatchObject({ code: 'LAST_ATTACHMENT' });
  expect(demo.values.DATABASE_URL).toBe('db://pw@25001');
});

test('of two attachments with one name, one is refused', async () => {
  const { addons, other } = await created({ name: 'db-1' });
  const request = { addon: 'db-1', app: 'other', as: 'SHARED' };
  const outcomes = await Promise.allSettled([addons.attach(request), addons.attach(request)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await addons.attachments()).toHaveLength(2);
  expect(other.releases).toEqual(['Attach SHARED (@ref:db-1)']);
});

test('config vars name the add-on by its new name', async () => {
  const { addons, demo } = await created({ name: 'db-1' });
  await addons.rename('db-1', 'db-2');
  expect(demo.vars.get('DATABASE_URL')?.from).toEqual({ kind: 'addon', name: 'db-2' });
});

test('an upgrade that the server does not carry out changes nothing', async () => {
  const { addons, driver } = await created({ name: 'db-1' });
  driver.isBroken = true;
  await expect(addons.upgrade('db-1', 'essential-1')).rejects.toMatchObject({
    code: 'SERVER_UNAVAILABLE',
    message: 'the server of db-1 cannot be changed now: no answer',
  });
  expect(await addons.find('db-1')).toMatchObject({ plan: 'essential-0' });
});

describe('destroying one', () => {
  test('ends its server, and removes config var, release and data', async () => {
    const { addons, addon, demo, containment, world } = await created({ name: 'db-1' });
    const data = join(world.folder, addon.id.slice(0, 8));
    mkdirSync(data);
    const destroyed = addons.destroy('db-1');
    await endsWhenAsked(containment.of('db-1'));
    expect(demo.values).toEqual({});
    expect(await destroyed).toMatchObject({ state: 'deprovisioned' });
    expect(existsSync(data)).toBe(false);
    expect(await addons.list()).toEqual([]);
    expect(await addons.attachments()).toEqual([]);
    expect(demo.releases.at(-1)).toBe('Detach DATABASE (@ref:db-1)');
  });

  test('is refused while another app has it attached, unless it is forced', async () => {
    const { addons, containment, other } = await created({ name: 'db-1' });
    await addons.attach({ addon: 'db-1', app: 'other' });
    await expect(addons.destroy('db-1')).rejects.toMatchObject({ code: 'ADDON_ATTACHED' });
    const destroyed = addons.destroy('db-1', true);
    await endsWhenAsked(containment.of('db-1'));
    await destroyed;
    expect(other.values).toEqual({});
  });

  test('that does not start yet ends its server first', async () => {
    const world = fakeAddonsWorld();
    const addons = world.open();
    const { name } = await addons.create({ app: 'demo', plan: POSTGRES });
    await until(() => world.containment.trees.length > 0);
    const destroyed = addons.destroy(name);
    await endsWhenAsked(world.containment.of(name));
    await destroyed;
    expect(await addons.list()).toEqual([]);
    expect(world.apps[0]?.lines).toEqual([]);
    expect(world.apps[0]?.releases.map((text) => text.split(' ')[0])).toEqual(['Attach', 'Detach']);
  });

  test('twice at once makes one release, and nothing can be attached meanwhile', async () => {
    const { addons, demo, containment } = await created({ name: 'db-1' });
    const both = Promise.all([addons.destroy('db-1'), addons.destroy('db-1')]);
    await until(() => containment.of('db-1').signals.length > 0);
    await expect(addons.attach({ addon: 'db-1', app: 'other' })).rejects.toMatchObject({
      code: 'NO_SUCH_ADDON',
    });
    containment.of('db-1').exit(0);
    await both;
    expect(demo.releases.filter((text) => text.startsWith('Detach'))).toHaveLength(1);
    expect(await addons.attachments()).toEqual([]);
  });

  test('happens with its app', async () => {
    const { addons, addon, containment, demo, world } = await created();
    const forgotten = addons.forget(demo);
    await endsWhenAsked(containment.of(addon.name));
    await forgotten;
    expect(await addons.list()).toEqual([]);
    expect(existsSync(join(world.folder, 'addons.json'))).toBe(true);
  });
});

describe('the next start', () => {
  /** Ends the add-ons as a host does, and opens them again. */
  async function reopen(world: World, addons: Addons) {
    const closed = addons.close();
    for (const tree of world.containment.trees) tree.exit(0);
    await closed;
    world.containment.trees.length = 0;
    const next = world.open();
    next.start();
    await until(() => world.containment.trees.length > 0);
    return next;
  }

  test('gives an app its config vars when the servers are ready, without a release', async () => {
    const { addons, demo, containment, ...world } = await created({ name: 'db-1' });
    const next = await reopen({ containment, ...world }, addons);
    demo.releases.length = 0;
    let hasJoined = false;
    const joined = next.join(demo).then(() => {
      hasJoined = true;
    });
    await settle();
    expect(hasJoined).toBe(false);
    expect(containment.of('db-1').spec.command).toEqual(['server', '25001']);
    containment.of('db-1').output.write('ready\n');
    await joined;
    expect(demo.values).toEqual({ DATABASE_URL: 'db://pw@25001' });
    expect(demo.releases).toEqual([]);
  });

  test('says that a line of an env file has no effect', async () => {
    const { addons, demo, containment, ...world } = await created({ name: 'db-1' });
    const next = await reopen({ containment, ...world }, addons);
    demo.own.set('DATABASE_URL', { value: 'mine', from: { kind: 'file', file: '.env' } });
    demo.own.set('OTHER', { value: 'mine', from: { kind: 'file', file: '.env' } });
    const joined = next.join(demo);
    containment.of('db-1').output.write('ready\n');
    await joined;
    expect(demo.lines).toEqual([
      'dynosim: DATABASE_URL in .env has no effect: dynos get that of the add-on db-1',
    ]);
  });

  test('makes a release if the port has had to change', async () => {
    const { addons, demo, containment, ...world } = await created({ name: 'db-1' });
    const next = await reopen({ containment, ...world }, addons);
    demo.releases.length = 0;
    const joined = next.join(demo);
    containment.of('db-1').output.write('port taken\n');
    await settle();
    containment.of('db-1').exit(1);
    await until(() => containment.trees.length > 1);
    containment.of('db-1').output.write('ready\n');
    await joined;
    expect(demo.values).toEqual({ DATABASE_URL: 'db://pw@25002' });
    expect(demo.releases).toEqual([
      'Update DATABASE by heroku-postgresql by heroku-postgresql@addons.heroku.com',
    ]);
  });

  test('makes that release after the first one of an app which keeps none', async () => {
    const { addons, containment, apps, ...world } = await created({ name: 'db-1' });
    const demo = new FakeAddonApp('demo');
    apps.splice(0, 1, demo);
    const next = await reopen({ containment, apps, ...world }, addons);
    containment.of('db-1').output.write('port taken\n');
    await settle();
    containment.of('db-1').exit(1);
    await until(() => containment.trees.length > 1);
    containment.of('db-1').output.write('ready\n');
    await next.settled('db-1');
    await next.join(demo);
    expect(demo.values).toEqual({ DATABASE_URL: 'db://pw@25002' });
    expect(demo.releases).toEqual([]);
    await next.joined(demo);
    expect(demo.releases).toEqual([
      'Update DATABASE by heroku-postgresql by heroku-postgresql@addons.heroku.com',
    ]);
  });

  test('continues what was being created', async () => {
    const world = fakeAddonsWorld();
    const addons = world.open();
    const { name } = await addons.create({ app: 'demo', plan: POSTGRES });
    await until(() => world.containment.trees.length > 0);
    // A kill -9 of dynosim: nothing more happens to the first one.
    world.containment.trees.length = 0;
    world.driver.asked.length = 0;
    world.driver.cleanUps = 0;
    const next = world.open();
    next.start();
    await until(() => world.containment.trees.length > 0);
    expect(world.driver.asked).toEqual(['create']);
    expect(world.driver.cleanUps).toBe(1);
    world.containment.of(name).output.write('ready\n');
    expect(await next.settled(name)).toMatchObject({ state: 'provisioned' });
  });

  test.each(['its data is made', 'its server starts'])(
    'continues what was being created when dynosim ended while %s',
    async (when) => {
      const world = fakeAddonsWorld();
      const addons = world.open();
      let create = (): void => {};
      if (when === 'its data is made')
        world.driver.creating = new Promise((resolve) => {
          create = resolve;
        });
      const { name } = await addons.create({ app: 'demo', plan: POSTGRES });
      await until(() => world.driver.asked.length > 0);
      if (when === 'its server starts') await until(() => world.containment.trees.length > 0);
      const closed = addons.close();
      create();
      for (const tree of world.containment.trees) await endsWhenAsked(tree);
      await closed;
      expect(world.containment.trees).toHaveLength(when === 'its server starts' ? 1 : 0);
      expect(world.apps[0]?.lines).toEqual([]);
      expect(await world.open().find(name)).toMatchObject({ state: 'provisioning' });
    },
  );

  test('takes back the config vars of what was being destroyed', async () => {
    const { addons, containment, demo, open } = await created({ name: 'db-1' });
    const hold = addons.destroy('db-1');
    await until(() => containment.of('db-1').signals.length > 0);
    // A kill -9 before the release: the app still has the config var.
    demo.adopt({
      vars: new Map([['DATABASE_URL', { value: 'old', from: { kind: 'addon', name: 'db-1' } }]]),
      plans: [],
    });
    demo.releases.length = 0;
    const next = open();
    next.start();
    await next.join(demo);
    expect(demo.values).toEqual({});
    expect(demo.releases).toEqual(['Detach DATABASE (@ref:db-1)']);
    containment.of('db-1').exit(0);
    await hold;
    await next.settled('db-1').catch(() => {});
  });

  test('removes what was being destroyed', async () => {
    const { addons, addon, world, open, ...rest } = await created({ name: 'db-1' });
    const data = join(world.folder, addon.id.slice(0, 8));
    mkdirSync(data);
    void addons.destroy('db-1');
    await until(() => rest.containment.of('db-1').signals.length > 0);
    const next = open();
    next.start();
    await next.settled('db-1').catch(() => {});
    expect(await next.list()).toEqual([]);
    expect(existsSync(data)).toBe(false);
  });

  test('refuses a damaged record, and names it', async () => {
    const { world, open } = await created();
    writeFileSync(join(world.folder, 'addons.json'), '{"format": 1, "addons": [');
    expect(open).toThrow(expect.objectContaining({ code: 'STATE_DAMAGED' }));
  });
});

test('lines of a server go to the log of every app that it is attached to, once', async () => {
  const { addons, containment, demo, other } = await created({ name: 'db-1' });
  await addons.attach({ addon: 'db-1', app: 'demo', as: 'ALIAS' });
  await addons.attach({ addon: 'db-1', app: 'other', as: 'SHARED' });
  containment.of('db-1').output.write('LOG: slow query\n');
  await settle();
  expect(demo.lines).toEqual(['app[postgres.1]: [DATABASE] LOG: slow query']);
  expect(other.lines).toEqual(['app[postgres.1]: [SHARED] LOG: slow query']);
});
