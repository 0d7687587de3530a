import type { App } from '../apps/app.js';
import type { AppControl } from '../apps/control.js';
import type { Closers } from '../base/closers.js';
import { Emitter } from '../base/emitter.js';
import { UserError } from '../base/errors.js';
import { nearest } from '../base/wording.js';

/** An app of a host, and its resources. */
export interface RegisteredApp {
  readonly app: App;
  readonly control: AppControl;
  /** Gets requests for all host names that belong to no other app. */
  readonly takesEveryHost: boolean;
  /** Closed before its dynos stop. */
  readonly watchers: Closers;
  /** Closed after its dynos have stopped. */
  readonly closers: Closers;
}

export interface RegistryChange {
  readonly kind: 'added' | 'removed';
  readonly app: App;
}

/** The apps of a host. Router, API and event stream look them up here, and keep no lists of their own. */
export class Registry {
  readonly #entries = new Map<string, RegisteredApp>();
  readonly #changed = new Emitter<RegistryChange>();

  /** In the order of addition. */
  list(): readonly RegisteredApp[] {
    return [...this.#entries.values()];
  }

  find(name: string): RegisteredApp | undefined {
    return this.#entries.get(name);
  }

  /** @throws UserError `NO_SUCH_APP` */
  get(name: string): RegisteredApp {
    const found = this.find(name);
    if (found) return found;
    const meant = nearest(name, [...this.#entries.keys()]);
    throw new UserError('NO_SUCH_APP', `There is no app ${name}`, meant && `Did you mean ${meant}?`);
  }

  /** The app that gets requests for a host name: by its name (`my-app.localhost`), or the app that takes every host. */
  ofHost(hostname: string): RegisteredApp | undefined {
    // `localhost` is the router's own name, even if an app has it: that one is `localhost.localhost`.
    const named = hostname === 'localhost' ? undefined : this.find(hostname.replace(/\.localhost$/, ''));
    return named ?? this.list().find(({ takesEveryHost }) => takesEveryHost);
  }

  /** @throws UserError `NAME_TAKEN` */
  add(entry: RegisteredApp): void {
    const { app } = entry;
    this.requireFree(app.name);
    this.#entries.set(app.name, entry);
    this.#changed.emit({ kind: 'added', app });
  }

  /** @throws UserError `NAME_TAKEN` */
  requireFree(name: string): void {
    if (this.#entries.has(name)) throw new UserError('NAME_TAKEN', `Name ${name} is already taken`);
  }

  /**
   * Must be called after an app's name has changed.
   * @throws UserError `NO_SUCH_APP`
   */
  rename(before: string, name: string): void {
    const entry = this.remove(before);
    this.#entries.set(name, entry);
    this.#changed.emit({ kind: 'added', app: entry.app });
  }

  /** @throws UserError `NO_SUCH_APP` */
  remove(name: string): RegisteredApp {
    const entry = this.get(name);
    this.#entries.delete(name);
    this.#changed.emit({ kind: 'removed', app: entry.app });
    return entry;
  }

  /** Called after every change. The result unsubscribes. */
  onChange(listener: (change: RegistryChange) => void): () => void {
    return this.#changed.subscribe(listener);
  }
}
