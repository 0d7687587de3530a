/** What the plan of a Ruby build depends on. */

import { join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { textOf } from '../../config/folder.js';
import { lockedGems } from '../../config/gemfile-lock.js';
import type { BuilderApp } from '../buildpack.js';

/** What a Gemfile.lock says. */
export interface GemfileLock {
  /** The versions of the gems, by their names. */
  readonly gems: ReadonlyMap<string, string>;
  /** `3.3.0`, if it asks for one. */
  readonly ruby: string | undefined;
}

export interface RubyFacts {
  /** Undefined if there is none. */
  readonly lock: GemfileLock | undefined;
  /** What runs here; undefined where there is no such program. */
  readonly versions: { readonly ruby: string | undefined; readonly bundler: string | undefined };
  readonly hasRakefile: boolean;
  /** Rails has compiled the assets already. */
  readonly hasAssets: boolean;
}

export async function readRubyFacts(app: BuilderApp): Promise<RubyFacts> {
  const files = namesIn(app.dir);
  const assets = namesIn(join(app.dir, 'public/assets'));
  const [ruby, bundler] = await Promise.all([versionOf(app, 'ruby'), versionOf(app, 'bundle')]);
  return {
    lock: files.includes('Gemfile.lock') ? readLock(app.dir) : undefined,
    versions: { ruby, bundler },
    hasRakefile: files.some((name) => /^rakefile(?:\.rb)?$/i.test(name)),
    hasAssets: assets.some((name) => /^(?:\.sprockets-)?manifest-.*\.json$/.test(name)),
  };
}

export function readLock(dir: string): GemfileLock {
  const text = textOf(join(dir, 'Gemfile.lock'));
  return { gems: lockedGems(text), ruby: /^RUBY VERSION\s+ruby (\d+\.\d+\.\d+)/m.exec(text)?.[1] };
}

async function versionOf(app: BuilderApp, program: string): Promise<string | undefined> {
  if (!app.has(program)) return undefined;
  const { status, stdout } = await app.ask([program, '--version']);
  return status === 0 ? /\d+(?:\.\d+)+/.exec(stdout)?.[0] : undefined;
}
