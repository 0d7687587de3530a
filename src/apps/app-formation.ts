import { UserError } from '../base/errors.js';
import { DYNO_SIZES, type DynoSizeName } from '../base/sizes.js';
import {
  applyFormation,
  type Formation,
  type FormationChange,
  firstFormation,
} from '../procfile/formation.js';
import type { Procfile } from '../procfile/parse.js';
import { findSizeProblems } from '../procfile/size-limits.js';
import type { AppLog } from './app-log.js';
import type { FirstDeploy } from './requests.js';
import type { FormationView } from './views.js';

export interface AppFormationOptions {
  readonly formation: Formation;
  /** Whether to refuse formations that exceed the limits of sizes, instead of remarking on them. */
  readonly isStrict: boolean;
  /** Whether the user chose a size: otherwise the limits of sizes are not mentioned. */
  readonly isSizeAsked: boolean;
  /** As in `AppOptions`. */
  readonly usualSize?: DynoSizeName;
  /** As in `AppOptions`. */
  readonly firstDeploy?: FirstDeploy | undefined;
  readonly log: AppLog;
}

/** How many dynos of each process type an app should have, and of which size; logs every change. */
export class AppFormation {
  readonly #options: AppFormationOptions;
  #entries: Formation;
  #isSizeAsked: boolean;

  /** @throws UserError `SIZE_LIMIT` */
  constructor(options: AppFormationOptions) {
    this.#options = options;
    this.#entries = options.formation;
    this.#isSizeAsked = options.isSizeAsked;
    if (options.isStrict) requireLimits(options.formation);
  }

  get entries(): Formation {
    return this.#entries;
  }

  /** The size of a type's dynos; of one that is not in the formation, that of the first type that is. */
  sizeOf(type: string): DynoSizeName {
    const [first] = this.#entries.values();
    return this.#entries.get(type)?.size ?? first?.size ?? this.#options.usualSize ?? 'Eco';
  }

  /** Whether a type's dynos are of a size that sleeps. */
  sleeps(type: string): boolean {
    return DYNO_SIZES[this.sizeOf(type)].sleeps;
  }

  /**
   * Makes all changes or none.
   * @throws UserError as `applyFormation` does, and `SIZE_LIMIT` if `isStrict`
   */
  change(changes: readonly FormationChange[]): void {
    const next = applyFormation(this.#entries, changes);
    if (this.#options.isStrict) requireLimits(next);
    this.#isSizeAsked ||= changes.some(({ size }) => size !== undefined);
    this.#entries = next;
    this.say();
  }

  /** Begins with an app's first code. */
  beginWith(types: readonly string[]): void {
    const { firstDeploy: { formation: wanted = {} } = {}, log } = this.#options;
    this.#entries = firstFormation(types, this.sizeOf('web'), wanted);
    this.#isSizeAsked ||= Object.values(wanted).some(({ size }) => size !== undefined);
    for (const type of Object.keys(wanted))
      if (!types.includes(type)) log.remark(`app.json asks for dynos of ${type}, which is no process type`);
  }

  /** Keeps exactly these types; new ones start at 0. */
  adopt(types: readonly string[]): void {
    for (const type of types) {
      if (this.#entries.has(type)) continue;
      this.#options.log.remark(
        `the new process type ${type} runs no dynos yet; start one with: dynosim ps:scale ${type}=1`,
      );
    }
    this.#entries = new Map(
      types.map((type) => [type, this.#entries.get(type) ?? { quantity: 0, size: this.sizeOf(type) }]),
    );
  }

  /** Logs the whole formation, alphabetically, like Heroku, with remarks on what Heroku would refuse. */
  say(): void {
    const { log } = this.#options;
    const entries = this.#sorted().map(([type, { quantity, size }]) => `${type}@${quantity}:${size}`);
    log.api(`Scaled to ${entries.join(' ')}`);
    if (!this.#isSizeAsked) return;
    for (const problem of findSizeProblems(this.#entries)) log.remark(`Heroku would say: ${problem}`);
  }

  /** By type, alphabetically. */
  views(processes: Procfile): readonly FormationView[] {
    return this.#sorted().map(([type, entry]) => ({
      type,
      command: processes.get(type)?.command ?? '',
      ...entry,
    }));
  }

  #sorted() {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/**
 * Requires that a formation keeps the limits of its sizes.
 * @throws UserError `SIZE_LIMIT`
 */
export function requireLimits(formation: Formation): void {
  const [problem] = findSizeProblems(formation);
  if (problem !== undefined) throw new UserError('SIZE_LIMIT', problem);
}
