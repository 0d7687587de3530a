/** NODE_OPTIONS of the user's shell, as far as it opens inspectors: that is meant for the app, not for dynosim. */

/**
 * Where NODE_OPTIONS is kept if it opens inspectors: dynosim itself, and the programs in Node that it starts for itself, get
 * it without. `bin/dynosim.js` does so before Node reads it.
 */
const KEPT = 'DYNOSIM_NODE_OPTIONS';

/** https://nodejs.org/api/cli.html#--inspecthostport */
const INSPECT = /(?<!\S)--inspect(?:-(brk|wait))?(?:=(?:\S*:)?(\d+))?(?!\S)/g;

export interface InspectFlags {
  /** Whether programs stop at their start until a debugger continues them. */
  readonly isBreaking: boolean;
  /** Undefined: not given, or any. */
  readonly port: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Keeps NODE_OPTIONS for the app if it opens inspectors. @returns whether it does */
export function keepInspectFlags(env: NodeJS.ProcessEnv): boolean {
  const { NODE_OPTIONS: options } = env;
  if (options === undefined || !options.includes('--inspect')) return false;
  env[KEPT] = options;
  env.NODE_OPTIONS = withoutInspectFlags(options);
  return true;
}

/** How the NODE_OPTIONS of the user's shell open inspectors; undefined if they do not. */
export function inspectFlagsOf({ [KEPT]: options = '' }: Environment): InspectFlags | undefined {
  const last = [...options.matchAll(INSPECT)].at(-1);
  return last && { isBreaking: last[1] !== undefined, port: Number(last[2] ?? 0) || undefined };
}

/**
 * An environment for a program of the user's: without dynosim's own variable.
 * @param hasInspectFlags whether NODE_OPTIONS opens inspectors, if that of the user's shell does
 */
export function withoutKept(env: Environment, hasInspectFlags: boolean): Environment {
  if (env[KEPT] === undefined) return env;
  const { [KEPT]: kept, ...others } = env;
  return { ...others, NODE_OPTIONS: hasInspectFlags ? kept : withoutInspectFlags(kept) };
}

/** NODE_OPTIONS that opens no inspectors. */
export function withoutInspectFlags(options: string): string {
  return options.replace(INSPECT, '').replace(/ {2,}/g, ' ').trim();
}
