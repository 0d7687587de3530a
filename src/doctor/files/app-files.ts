import type { Tracked } from '../../base/programs.js';
import type { ImportGraph } from '../../config/check/dependencies/imports.js';
import type { PackageJson } from '../../config/package-json.js';
import type { Subject } from '../subject.js';

/** What the question about files has read. */
export interface AppFiles extends Subject {
  readonly tracked: Tracked;
  readonly scripts: PackageJson['scripts'];
  /** The JavaScript files that the commands load. */
  readonly sources: ImportGraph;
}
