import { Emitter } from '../../base/emitter.js';
import { Queue } from '../../base/queue.js';
import type { Mark } from './views.js';

/** How many to keep of what users and the platform do, and as many of errors and crashes, which may be more frequent. */
const KEPT = 1000;

/** Errors of the same kind within this time become one mark, and so do restarts of several dynos. */
const MERGE_MS = 10_000;

/** Marks of a kind may follow each other this fast. The wall clock may be set back by more. */
const SAME_MS = 100;

/** The latest mark of a kind, and the dynos that it concerns. */
interface Latest {
  readonly mark: { -readonly [Key in keyof Mark]: Mark[Key] };
  readonly dynos: Set<string | null>;
}

/** What happened to an app, to be shown beside its metrics. */
export class Marks {
  readonly #acts = new Queue<Mark>(KEPT);
  readonly #errors = new Queue<Mark>(KEPT);
  /** By kind. */
  readonly #latest = new Map<Mark['kind'], Latest>();
  readonly #changed = new Emitter<Mark>();

  add(mark: Omit<Mark, 'count'>): void {
    const latest = this.#latest.get(mark.kind);
    if (latest && canMerge(latest, mark)) {
      merge(latest, mark);
      return this.#changed.emit(latest.mark);
    }
    const added = { ...mark, at: latest ? laterThan(latest.mark, mark) : mark.at, count: 1 };
    this.#latest.set(mark.kind, { mark: added, dynos: new Set([mark.dyno]) });
    (isError(mark) ? this.#errors : this.#acts).push(added);
    this.#changed.emit(added);
  }

  /** Those from this wall-clock time on, oldest first. */
  since(from: number): readonly Mark[] {
    return [...this.#acts.since(0), ...this.#errors.since(0)]
      .filter(({ at }) => at >= from)
      .sort((a, b) => a.at - b.at)
      .map((mark) => ({ ...mark }));
  }

  /** Calls the listener with every new mark, and with one that concerns more than before. The result unsubscribes. */
  onChange(listener: (mark: Mark) => void): () => void {
    return this.#changed.subscribe(listener);
  }
}

function isError({ kind }: Pick<Mark, 'kind'>): boolean {
  return kind === 'crash' || /^[HR]\d/.test(kind);
}

/** The time of a mark. A millisecond and a kind identify one to readers of events, so two of a kind never share one. */
function laterThan(latest: Mark, { at }: Pick<Mark, 'at'>): number {
  const overlapMs = Math.floor(latest.at) - Math.floor(at);
  return overlapMs >= 0 && overlapMs < SAME_MS ? latest.at + 1 : at;
}

/**
 * What concerns the app as a whole, and is no error, says something of its own each time. A dyno that restarts again is
 * part of another restart.
 */
function canMerge(latest: Latest, mark: Omit<Mark, 'count'>): boolean {
  if (mark.at - latest.mark.at >= MERGE_MS) return false;
  return isError(mark) || (mark.dyno !== null && !latest.dynos.has(mark.dyno));
}

/** Errors are counted; a restart of several dynos is one. */
function merge({ mark: latest, dynos }: Latest, mark: Omit<Mark, 'count'>): void {
  dynos.add(mark.dyno);
  if (dynos.size > 1) latest.dyno = null;
  if (isError(mark)) latest.count += 1;
  else latest.text = `${mark.text} ${dynos.size} dynos`;
}
