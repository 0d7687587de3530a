/**
 * Collects the files that have changed since the last `take`. Those that come and go again do not count, such as the one that
 * `sed -i` writes before it gives it the other's name: a watcher may tell of its end only some time later.
 */
export class ChangedFiles {
  readonly #changed = new Set<string>();
  /** New files, which may be gone again in a moment. */
  readonly #new = new Set<string>();

  /** @param event as chokidar names it */
  note(event: string, file: string): void {
    if (event === 'unlink' && this.#new.delete(file)) {
      this.#changed.delete(file);
      return;
    }
    if (event === 'add' && !this.#changed.has(file)) this.#new.add(file);
    this.#changed.add(file);
  }

  /** Takes them all. */
  take(exists: (file: string) => boolean): readonly string[] {
    const files = [...this.#changed].filter((file) => !this.#new.has(file) || exists(file));
    for (const file of files) this.#new.delete(file);
    this.#changed.clear();
    return files;
  }
}
