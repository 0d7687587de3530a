import { block } from './lines.js';
import type { Failure } from './step.js';

/** A block as most buildpacks print it. */
export function failure(text: string, remedy?: string): Failure {
  return { text: block(text), ...(remedy !== undefined && { remedy }) };
}

/**
 * This machine lacks a program.
 * @param what as the buildpack calls it: `Go`
 * @param why in a clause: `there is no go in PATH`
 * @param install a command that brings it
 */
export function missing(what: string, why: string, install: string): Failure {
  return failure(
    `Error: Unable to install ${what}.`,
    `Builds use the programs of this machine, and ${why}. Install it, for example: ${install}`,
  );
}
