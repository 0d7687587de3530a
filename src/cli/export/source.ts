/** Reads where the image of an app comes from. */

import { join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { enumerate } from '../../base/wording.js';
import { textOf } from '../../config/folder.js';
import { lockedGems } from '../../config/gemfile-lock.js';
import { ignoredPatterns } from '../../export/image/ignore.js';
import { chooseSource, type ImageSource, type SourceRequest } from '../../export/image/source.js';

/** @throws UserError `NO_IMAGE`, and what a file that cannot be read throws */
export async function readSource(
  request: SourceRequest,
): Promise<{ readonly source: ImageSource; readonly warnings: readonly string[] }> {
  const { dir } = request;
  const text = (file: string): string => textOf(join(dir, file));
  const chosen = await chooseSource(request);
  if (chosen === 'own') return { source: { from: 'own' }, warnings: [] };
  if (chosen === 'elsewhere') return { source: { from: 'elsewhere' }, warnings: [] };
  const { recipe, node, others } = chosen;
  const scripts = namesIn(join(dir, '.profile.d')).filter(
    (name) => name.endsWith('.sh') && !BUILT.includes(`.profile.d/${name}`),
  );
  const hasProfile = scripts.length > 0 || namesIn(dir).includes('.profile');
  const ignored = [...ignoredPatterns({ git: text('.gitignore'), slug: text('.slugignore') }), ...BUILT];
  return {
    source: { from: 'recipe', recipe, hasProfile, ignored, ...(node && { node }) },
    warnings: [...ofOtherBuildpacks(others), ...ofRails(request, text('Gemfile.lock'))],
  };
}

/** What dynosim's own builders write into a slug, and an image does without. */
const BUILT = ['nodejs', 'python', 'ruby', 'go', 'php', 'jvmcommon'].map((name) => `.profile.d/${name}.sh`);

function ofOtherBuildpacks(others: readonly string[]): readonly string[] {
  if (others.length === 0) return [];
  return [
    `The Dockerfile does without what ${enumerate(others)} would do: add that to it, or build the image with pack.`,
  ];
}

function ofRails({ configVars }: SourceRequest, lock: string): readonly string[] {
  const isSet = ['SECRET_KEY_BASE', 'RAILS_MASTER_KEY'].some((name) => configVars.has(name));
  if (isSet || !lockedGems(lock).has('railties')) return [];
  return ['Rails needs SECRET_KEY_BASE, which Heroku sets by itself: add it to config.env.'];
}
