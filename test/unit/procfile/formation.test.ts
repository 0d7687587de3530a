import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyFormation,
  defaultFormation,
  expandAll,
  type Formation,
  formatChange,
  hintForType,
  onlyTypes,
  parseFormation,
  parseScale,
  parseSizes,
} from '../../../src/procfile/formation.js';

/** `web=1:Eco worker=0:Eco`, in the order of the formation. */
const formatFormation = (all: Formation): string =>
  Array.from(all, ([type, { quantity, size }]) =>
    formatChange({ type, quantity: { to: quantity }, size }),
  ).join(' ');

const formation = defaultFormation(['web', 'worker', 'release']);
const scale = (...args: string[]): string => formatFormation(applyFormation(formation, parseScale(args)));
const start = (text: string, from: Formation = formation): string =>
  formatFormation(applyFormation(from, expandAll(parseFormation(text), [...from.keys()])));

describe('defaultFormation', () => {
  it('is one dyno of every type but release', () => {
    expect(formatFormation(formation)).toBe('web=1:Eco worker=1:Eco');
  });
});

describe('onlyTypes', () => {
  it('runs the types asked for and none of the others', () => {
    expect(formatFormation(onlyTypes(formation, ['worker']))).toBe('web=0:Eco worker=1:Eco');
  });

  it('refuses a type that the Procfile lacks', () => {
    expect(() => onlyTypes(formation, ['web', 'wroker'])).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_TYPE',
        message: 'there is no process type `wroker`, only web and worker',
        hint: 'Did you mean worker?',
      }),
    );
  });

  it('takes a number of dynos for what belongs to --formation', () => {
    expect(() => onlyTypes(formation, ['web=2', 'worker=3'])).toThrow(
      expect.objectContaining({
        message: '"web=2" is not a process type',
        hint: 'Did you mean --formation web=2,worker=3?',
      }),
    );
  });
});

describe('parseFormation', () => {
  it('sets the types named and leaves the others', () => {
    expect(start('web=2')).toBe('web=2:Eco worker=1:Eco');
    expect(start('web=2, worker=0')).toBe('web=2:Eco worker=0:Eco');
  });

  it('sets every type by `all` first, wherever it stands', () => {
    expect(start('all=0,web=1')).toBe('web=1:Eco worker=0:Eco');
    expect(start('web=3,all=2')).toBe('web=3:Eco worker=2:Eco');
  });

  it.each(['', 'web', 'web=', 'web=x', 'web=-1', 'web=1.5', 'web+1', '=1', 'web=1;worker=2', 'web=1,'])(
    'refuses %j',
    (text) => {
      expect(() => start(text)).toThrow(expect.objectContaining({ code: 'BAD_FORMATION' }));
    },
  );

  it('explains where to put a size', () => {
    expect(() => start('web=2:basic')).toThrow(
      expect.objectContaining({
        message: '"web=2:basic" is not "type=number"',
        hint: 'Sizes go into --size.',
      }),
    );
  });
});

describe('parseSizes', () => {
  it('sets one size for all, or one for each type', () => {
    const sized = (text: string): string =>
      formatFormation(applyFormation(formation, expandAll(parseSizes(text), [...formation.keys()])));
    expect(sized('basic')).toBe('web=1:Basic worker=1:Basic');
    expect(sized('worker=standard-2x,standard-1x')).toBe('web=1:Standard-1X worker=1:Standard-2X');
    expect(() => sized('web=big')).toThrow(expect.objectContaining({ code: 'UNKNOWN_SIZE' }));
  });
});

describe('parseScale and applyFormation', () => {
  it.each([
    [['web=2'], 'web=2:Eco worker=1:Eco'],
    [['web+1'], 'web=2:Eco worker=1:Eco'],
    [['worker-1'], 'web=1:Eco worker=0:Eco'],
    [['web=0', 'worker=3'], 'web=0:Eco worker=3:Eco'],
    [['web=2:standard-1x'], 'web=2:Standard-1X worker=1:Eco'],
    [['web+1:Basic'], 'web=2:Basic worker=1:Eco'],
    [['web+1', 'web+1'], 'web=3:Eco worker=1:Eco'],
    [['web=1000'], 'web=1000:Eco worker=1:Eco'],
    [[], 'web=1:Eco worker=1:Eco'],
  ])('%j makes it %s', (args, result) => {
    expect(scale(...args)).toBe(result);
  });

  it('reads a name that ends in a number and a sign as Heroku does', () => {
    const [change] = parseScale(['my-worker-2-1']);
    expect(change).toEqual({ type: 'my-worker-2', quantity: { by: -1 } });
  });

  it.each(['web', 'web=', 'web=x', 'web=-1', 'web=1:', 'web=1 worker=1', '2=', 'web:basic', '='])(
    'refuses %j as no argument',
    (argument) => {
      expect(() => scale(argument)).toThrow(
        expect.objectContaining({ code: 'BAD_SCALE', message: `"${argument}" is not a number of dynos` }),
      );
    },
  );

  it.each([
    ['web=1001', '"web=1001" asks for more than 1000 dynos of one type'],
    ['web+1000', '"web+1000" asks for more than 1000 dynos of one type'],
    ['web=99999999999999999999', '"web=99999999999999999999" asks for more than 1000 dynos of one type'],
  ])('refuses %s as too many', (argument, message) => {
    expect(() => scale(argument)).toThrow(expect.objectContaining({ code: 'TOO_MANY_DYNOS', message }));
  });

  it('refuses to go below 0', () => {
    expect(() => scale('worker-2')).toThrow(
      expect.objectContaining({ code: 'TOO_FEW_DYNOS', message: expect.stringContaining('worker is at 1') }),
    );
  });

  it('does not say how to stop dynos where there are none', () => {
    const none = applyFormation(formation, [{ type: 'worker', quantity: { to: 0 } }]);
    const fewer = () => applyFormation(none, [{ type: 'worker', quantity: { by: -1 } }]);
    expect(fewer).toThrow(expect.objectContaining({ hint: 'There is none to stop.' }));
  });

  it('names the argument, the known types and the one that was meant', () => {
    expect(() => scale('wbe=2:basic')).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_TYPE',
        message: '"wbe=2:Basic": there is no process type `wbe`, only web and worker',
        hint: 'Did you mean web?',
      }),
    );
    expect(() => scale('toString=2')).toThrow(expect.objectContaining({ code: 'UNKNOWN_TYPE' }));
    expect(() => applyFormation(new Map(), parseScale(['web=1']))).toThrow(
      '"web=1": there is no process type `web`, nor any other',
    );
  });

  it('says that release is never scaled', () => {
    expect(() => scale('release=1')).toThrow('"release=1": release is never scaled');
  });

  it('changes nothing if one change of several is in error', () => {
    expect(() => scale('web=5', 'nope=1')).toThrow(expect.objectContaining({ code: 'UNKNOWN_TYPE' }));
    expect(formatFormation(formation)).toBe('web=1:Eco worker=1:Eco');
  });

  it('keeps the size of a type that is scaled without one', () => {
    const big = applyFormation(defaultFormation(['web']), [{ type: 'web', size: 'Standard-2X' }]);
    expect(formatFormation(applyFormation(big, parseScale(['web=3'])))).toBe('web=3:Standard-2X');
  });

  it('takes a change of the size alone', () => {
    const next = applyFormation(formation, [{ type: 'web', size: 'Basic' }]);
    expect(formatFormation(next)).toBe('web=1:Basic worker=1:Eco');
  });
});

describe('formatChange', () => {
  it('prints what parses to the same', () => {
    const quantity = fc.oneof(
      fc.record({ to: fc.integer({ min: 0, max: 1000 }) }),
      fc.record({ by: fc.integer({ min: -1000, max: 1000 }) }),
    );
    const size = fc.constantFrom('Eco', 'Standard-1X', 'Performance-L-RAM');
    const change = fc.record(
      { type: fc.constantFrom('web', 'my-worker', 'a_1'), quantity, size },
      { requiredKeys: ['type', 'quantity'] },
    );
    fc.assert(
      fc.property(change, (input) => {
        expect(parseScale([formatChange(input)])).toEqual([input]);
      }),
    );
  });

  it('prints a change of the size alone', () => {
    expect(formatChange({ type: 'web', size: 'Basic' })).toBe('web=Basic');
  });
});

describe('hintForType', () => {
  it.each([
    ['web', ['web', 'worker'], 'Start one: dynosim ps:scale web=1'],
    ['wbe', ['web', 'worker'], 'Did you mean web?'],
    ['db', ['web', 'worker'], 'The process types are web and worker.'],
    ['db', ['web'], 'The process type is web.'],
    ['db', [], 'Process types come from the Procfile.'],
  ])('of %s, where there are %j', (type, known, hint) => {
    expect(hintForType(type, known)).toBe(hint);
  });
});
