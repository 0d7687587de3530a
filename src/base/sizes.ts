import { UserError } from './errors.js';

/** What a dyno size gives and allows. */
interface DynoSize {
  readonly memoryMb: number;
  /** R15 kills a dyno above `memoryMb` times this. https://devcenter.heroku.com/articles/dyno-memory-behavior */
  readonly r15Factor: number;
  /** Processes and threads together; one more and `fork` fails in the dyno. */
  readonly processLimit: number;
  readonly cpus: number;
  /** An app whose web type has such a size sleeps. https://devcenter.heroku.com/articles/eco-dyno-hours */
  readonly sleeps: boolean;
  /** US dollars for a dyno that runs all month; Eco: for all of an account's dynos together. */
  readonly monthlyPrice: number;
  /** Dynos of one process type. */
  readonly perType: number;
  /** Dynos of one app, all types together, that run at the same time. */
  readonly perApp: number;
  /** One-off dynos of one app that run at the same time. */
  readonly oneOffs: number;
}

/**
 * The sizes of Cedar's Common Runtime, under the names of the Platform API, smallest first.
 * Memory, CPUs, prices, sleep: https://devcenter.heroku.com/articles/dyno-types
 * Limits: https://devcenter.heroku.com/articles/dyno-scaling-and-process-limits
 */
export const DYNO_SIZES = {
  Eco: {
    memoryMb: 512,
    r15Factor: 2,
    processLimit: 256,
    cpus: 8,
    sleeps: true,
    monthlyPrice: 5,
    perType: 1,
    perApp: 2,
    oneOffs: 1,
  },
  Basic: {
    memoryMb: 512,
    r15Factor: 2,
    processLimit: 256,
    cpus: 8,
    sleeps: false,
    monthlyPrice: 7,
    perType: 1,
    perApp: 100,
    oneOffs: 50,
  },
  'Standard-1X': {
    memoryMb: 512,
    r15Factor: 2,
    processLimit: 256,
    cpus: 8,
    sleeps: false,
    monthlyPrice: 25,
    perType: 100,
    perApp: 100,
    oneOffs: 50,
  },
  'Standard-2X': {
    memoryMb: 1024,
    r15Factor: 2,
    processLimit: 512,
    cpus: 8,
    sleeps: false,
    monthlyPrice: 50,
    perType: 100,
    perApp: 100,
    oneOffs: 50,
  },
  'Performance-M': {
    memoryMb: 2560,
    r15Factor: 2,
    processLimit: 16_384,
    cpus: 2,
    sleeps: false,
    monthlyPrice: 250,
    perType: 10,
    perApp: 100,
    oneOffs: 5,
  },
  'Performance-L': {
    memoryMb: 14_336,
    r15Factor: 2,
    processLimit: 32_768,
    cpus: 8,
    sleeps: false,
    monthlyPrice: 500,
    perType: 10,
    perApp: 100,
    oneOffs: 5,
  },
  'Performance-L-RAM': {
    memoryMb: 30_720,
    r15Factor: 1.2,
    // In doubt: the page said 24576 in November 2024 and 16384 in December.
    processLimit: 16_384,
    cpus: 4,
    sleeps: false,
    monthlyPrice: 500,
    perType: 10,
    perApp: 100,
    oneOffs: 5,
  },
  'Performance-XL': {
    memoryMb: 63_488,
    r15Factor: 1.2,
    processLimit: 32_768,
    cpus: 8,
    sleeps: false,
    monthlyPrice: 750,
    perType: 10,
    perApp: 100,
    oneOffs: 5,
  },
  'Performance-2XL': {
    memoryMb: 129_024,
    r15Factor: 1.2,
    processLimit: 65_536,
    cpus: 16,
    sleeps: false,
    monthlyPrice: 1500,
    perType: 10,
    perApp: 100,
    oneOffs: 5,
  },
} as const satisfies Record<string, DynoSize>;

/** A size as the Platform API spells it: `Eco`, `Standard-1X`. */
export type DynoSizeName = keyof typeof DYNO_SIZES;

/** Names that Heroku has given up, and what took their place. */
const FORMER_NAMES: ReadonlyMap<string, DynoSizeName> = new Map([
  ['free', 'Eco'],
  ['hobby', 'Basic'],
  ['1x', 'Standard-1X'],
  ['2x', 'Standard-2X'],
  ['standard', 'Standard-1X'],
  ['performance', 'Performance-M'],
]);

/** All size names, smallest first. */
export const DYNO_SIZE_NAMES: readonly DynoSizeName[] = Object.keys(DYNO_SIZES).filter(isDynoSizeName);

/** Whether `name` is a size in the API's own spelling. */
export function isDynoSizeName(name: string): name is DynoSizeName {
  return Object.hasOwn(DYNO_SIZES, name);
}

/**
 * Reads a size as people type it: `eco`, `standard-1x`. The CLI takes any case and prints the API's spelling.
 * @throws UserError `UNKNOWN_SIZE`
 */
export function parseDynoSize(text: string): DynoSizeName {
  const wanted = text.trim().toLowerCase();
  const name = DYNO_SIZE_NAMES.find((candidate) => candidate.toLowerCase() === wanted);
  if (name) return name;
  const successor = FORMER_NAMES.get(wanted);
  throw new UserError(
    'UNKNOWN_SIZE',
    `"${text}" is not a dyno size`,
    `${successor ? `Did you mean ${successor}? ` : ''}Sizes are ${DYNO_SIZE_NAMES.join(', ')}.`,
  );
}
