/**
 * Collects the files that have changed since the last `take`, without files that soon disappear again, such as the
 * temporary file of `sed -i`. A watcher may report their removal late.
 */
export class ChangedFiles {
  readonly #changed = new Set<string>();
  /** New files, which may soon disappear again. */
  readonly #new = new Set<string>();

  /** @param event chokidar's name for it */
  note(event: string, file: string): void {
    if (event === 'unlink' && this.#new.delete(file)) {
      this.#changed.delete(file);
      return;
    }
    if (event === 'add' && !this.#changed.has(file)) this.#new.add(file);
    this.#changed.add(file);
  }

  /** Returns the changed files, and starts over. */
  take(exists: (file: string) => boolean): readonly string[] {
    const files = [...this.#changed].filter((file) => !this.#new.has(file) || exists(file));
    for (const file of files) this.#new.delete(file);
    this.#changed.clear();
    return files;
  }
}
