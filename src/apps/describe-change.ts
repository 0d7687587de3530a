import type { Config } from '../config/layers.js';
import { hashOf, type ReleaseContent, type Slug } from './slug.js';

/** Add-ons are not compared: their changes have words of their own. */
type Content = Pick<ReleaseContent, 'slug' | 'config'>;

/**
 * Describes what a release changes, in the words of Heroku's API: `Deploy 1a2b3c4d`, `Set FOO config vars`. Empty if it
 * makes no difference.
 */
export function describeChange(before: Content, after: Content): readonly string[] {
  return [
    ...(hashOf(before.slug) === hashOf(after.slug) ? [] : [describeDeploy(after.slug)]),
    ...describeConfigChange(before.config, after.config),
  ];
}

/** `Deploy 1a2b3c4d`: by the commit, as on Heroku; without one by a hash of what runs. */
export function describeDeploy(slug: Slug): string {
  return `Deploy ${(slug.commit ?? hashOf(slug)).slice(0, 8)}`;
}

function describeConfigChange(before: Config, after: Config): readonly string[] {
  const isSet = (key: string): boolean => before.get(key)?.value !== after.get(key)?.value;
  const set = [...after.keys()].filter(isSet);
  const removed = [...before.keys()].filter((key) => !after.has(key));
  return [
    ...(set.length > 0 ? [`Set ${set.join(', ')} config vars`] : []),
    ...(removed.length > 0 ? [`Remove ${removed.join(', ')} config vars`] : []),
  ];
}
