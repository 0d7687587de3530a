import { createHash } from 'node:crypto';
import type { Config } from '../config/layers.js';
import { formatProcfile } from '../procfile/parse.js';
import type { ReleaseContent, Slug } from './slug.js';

/**
 * Describes what a release changes, in the words of Heroku's API: `Deploy 1a2b3c4d`, `Set FOO config vars`. Empty if it
 * makes no difference.
 */
export function describeChange(before: ReleaseContent, after: ReleaseContent): readonly string[] {
  const deploy = describeDeploy(after.slug);
  return [
    ...(deploy === describeDeploy(before.slug) ? [] : [deploy]),
    ...describeConfigChange(before.config, after.config),
  ];
}

/** `Deploy 1a2b3c4d`: by a hash of what runs, where Heroku has the commit's. */
export function describeDeploy({ processes }: Slug): string {
  const hash = createHash('sha1').update(formatProcfile(processes.values())).digest('hex');
  return `Deploy ${hash.slice(0, 8)}`;
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
