import type { AppSource } from './source.js';

/** Slug and config vars that ran or run. https://devcenter.heroku.com/articles/releases */
export interface Release {
  /** From 1, never reused. */
  readonly version: number;
  readonly description: string;
  /** Wall-clock ms. */
  readonly createdAt: number;
  readonly source: AppSource;
}

/** All releases of one app since it was started; the newest one runs. */
export class Releases {
  readonly #releases: Release[] = [];

  /** @throws Error before the first release */
  get current(): Release {
    const current = this.#releases.at(-1);
    if (!current) throw new Error('Nothing has been released');
    return current;
  }

  create(description: string, createdAt: number, source: AppSource): Release {
    const release = { version: this.#releases.length + 1, description, createdAt, source };
    this.#releases.push(release);
    return release;
  }
}
