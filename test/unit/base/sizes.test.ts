import { describe, expect, it } from 'vitest';
import { DYNO_SIZE_NAMES, DYNO_SIZES, isDynoSizeName, parseDynoSize } from '../../../src/base/sizes.js';

describe('DYNO_SIZES', () => {
  it('say what each size has and may', () => {
    const rows = DYNO_SIZE_NAMES.map((name) => {
      const { memoryMb, r15Factor, processLimit, cpus, monthlyPrice, perType, oneOffs } = DYNO_SIZES[name];
      return [name, memoryMb, r15Factor, processLimit, cpus, monthlyPrice, perType, oneOffs].join(' ');
    });
    expect(rows).toEqual([
      'Eco 512 2 256 8 5 1 1',
      'Basic 512 2 256 8 7 1 50',
      'Standard-1X 512 2 256 8 25 100 50',
      'Standard-2X 1024 2 512 8 50 100 50',
      'Performance-M 2560 2 16384 2 250 10 5',
      'Performance-L 14336 2 32768 8 500 10 5',
      'Performance-L-RAM 30720 1.2 16384 4 500 10 5',
      'Performance-XL 63488 1.2 32768 8 750 10 5',
      'Performance-2XL 129024 1.2 65536 16 1500 10 5',
    ]);
  });

  it('let only Eco sleep, and only two Eco dynos run at a time', () => {
    const sleeping = DYNO_SIZE_NAMES.filter((name) => DYNO_SIZES[name].sleeps);
    expect(sleeping).toEqual(['Eco']);
    expect(DYNO_SIZE_NAMES.map((name) => DYNO_SIZES[name].perApp)).toEqual([
      2, 100, 100, 100, 100, 100, 100, 100, 100,
    ]);
  });
});

describe('parseDynoSize', () => {
  it('takes every size in any case and gives the spelling of the API', () => {
    for (const name of DYNO_SIZE_NAMES) {
      expect(parseDynoSize(name.toUpperCase())).toBe(name);
      expect(parseDynoSize(` ${name.toLowerCase()} `)).toBe(name);
    }
  });

  it.each(['huge', '', 'standard 1x', 'constructor'])('refuses %j and lists the sizes', (text) => {
    expect(() => parseDynoSize(text)).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_SIZE',
        message: `"${text}" is not a dyno size`,
        hint: expect.stringMatching(/^Sizes are Eco, Basic, Standard-1X, .*Performance-2XL\.$/),
      }),
    );
  });

  it.each([
    ['free', 'Eco'],
    ['Hobby', 'Basic'],
    ['2X', 'Standard-2X'],
  ])('names the replacement of %s', (former, successor) => {
    expect(() => parseDynoSize(former)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`Did you mean ${successor}?`) }),
    );
  });
});

describe('isDynoSizeName', () => {
  it('knows the spelling of the API and nothing else', () => {
    expect(isDynoSizeName('Standard-1X')).toBe(true);
    expect(isDynoSizeName('standard-1x')).toBe(false);
    expect(isDynoSizeName('toString')).toBe(false);
  });
});
