import { MB } from './bytes.js';
import { UserError } from './errors.js';

/** The resources and limits of a dyno size. */
interface DynoSize {
  readonly memoryMb: number;
  /** R15 kills a dyno above `memoryMb` times this. https://devcenter.heroku.com/articles/dyno-memory-behavior */
  readonly r15Factor: number;
  /** Processes and threads together; beyond this, `fork` fails in the dyno. */
  readonly processLimit: number;
  readonly cpus: number;
  /** Whether an app sleeps if its web type has this size. https://devcenter.heroku.com/articles/eco-dyno-hours */
  readonly sleeps: boolean;
  /** US dollars for a dyno that runs all month; Eco: for all dynos of an account together. */
  readonly monthlyPrice: number;
  /** Dynos of one process type. */
  readonly perType: number;
  /** Dynos of one app that run at the same time, all types together. */
  readonly perApp: number;
  /** One-off dynos of one app that run at the same time. */
  readonly oneOffs: number;
}

/** The common values of Eco to Standard, and of Performance. */
const SMALL = { r15Factor: 2, cpus: 8, sleeps: false, perType: 100, perApp: 100, oneOffs: 50 } as const;
const LARGE = { ...SMALL, perType: 10, oneOffs: 5 } as const;

/**
 * The sizes of Cedar's Common Runtime, under the names of the Platform API, smallest first.
 * Memory, CPUs, prices, sleep: https://devcenter.heroku.com/articles/dyno-types
 * Limits: https://devcenter.heroku.com/articles/dyno-scaling-and-process-limits
 */
export const DYNO_SIZES = {
  Eco: {
    ...SMALL,
    memoryMb: 512,
    processLimit: 256,
    sleeps: true,
    monthlyPrice: 5,
    perType: 1,
    perApp: 2,
    oneOffs: 1,
  },
  Basic: { ...SMALL, memoryMb: 512, processLimit: 256, monthlyPrice: 7, perType: 1 },
  'Standard-1X': { ...SMALL, memoryMb: 512, processLimit: 256, monthlyPrice: 25 },
  'Standard-2X': { ...SMALL, memoryMb: 1024, processLimit: 512, monthlyPrice: 50 },
  'Performance-M': { ...LARGE, memoryMb: 2560, processLimit: 16_384, cpus: 2, monthlyPrice: 250 },
  'Performance-L': { ...LARGE, memoryMb: 14_336, processLimit: 32_768, monthlyPrice: 500 },
  'Performance-L-RAM': {
    ...LARGE,
    memoryMb: 30_720,
    r15Factor: 1.2,
    // Uncertain: the page said 24576 in November 2024 and 16384 in December.
    processLimit: 16_384,
    cpus: 4,
    monthlyPrice: 500,
  },
  'Performance-XL': { ...LARGE, memoryMb: 63_488, r15Factor: 1.2, processLimit: 32_768, monthlyPrice: 750 },
  'Performance-2XL': {
    ...LARGE,
    memoryMb: 129_024,
    r15Factor: 1.2,
    processLimit: 65_536,
    cpus: 16,
    monthlyPrice: 1500,
  },
} as const satisfies Record<string, DynoSize>;

/** A size as the Platform API spells it: `Eco`, `Standard-1X`. */
export type DynoSizeName = keyof typeof DYNO_SIZES;

/** What one dyno may use. */
export interface DynoLimits {
  /** Its memory quota in bytes; Infinity if it has none. Above it: R14. */
  readonly memory: number;
  /** Bytes above which it is killed: R15. */
  readonly mostMemory: number;
  /** Processes and threads together. */
  readonly threads: number;
}

/** @param quota in place of the size's memory, bytes */
export function limitsOf(size: DynoSizeName, quota?: number): DynoLimits {
  const { memoryMb, r15Factor, processLimit } = DYNO_SIZES[size];
  const memory = quota ?? memoryMb * MB;
  return { memory, mostMemory: memory * r15Factor, threads: processLimit };
}

/** Names that Heroku no longer uses, and their replacements. */
const FORMER_NAMES: ReadonlyMap<string, DynoSizeName> = new Map([
  ['free', 'Eco'],
  ['hobby', 'Basic'],
  ['1x', 'Standard-1X'],
  ['2x', 'Standard-2X'],
  ['standard', 'Standard-1X'],
  ['performance', 'Performance-M'],
]);

/** Smallest first. */
export const DYNO_SIZE_NAMES: readonly DynoSizeName[] = Object.keys(DYNO_SIZES).filter(isDynoSizeName);

/** Whether `name` is a size in the API's spelling. */
export function isDynoSizeName(name: string): name is DynoSizeName {
  return Object.hasOwn(DYNO_SIZES, name);
}

/**
 * Parses a size in any case: `eco`, `standard-1x`.
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
