/** Reads what a host keeps of its apps, whether or not it runs. Changes nothing. */

import { join } from 'node:path';
import type { Slug } from '../../apps/slug.js';
import { namesIn } from '../../base/read.js';
import { readRecord } from '../../base/record-file.js';
import { APP_RECORD, type AppRecord, RELEASE_RECORD, SLUG_RECORD } from './records.js';

export interface ReadApp {
  readonly record: AppRecord;
  /** The code of the release that runs; undefined before the first deploy. */
  readonly slug: Pick<Slug, 'dir' | 'processes'> | undefined;
}

/**
 * The apps in a host's state folder, by their names.
 * @throws UserError `STATE_DAMAGED`, `STATE_TOO_NEW`
 */
export function readStored(state: string, name: string): ReadApp | undefined {
  const apps = join(state, 'apps');
  for (const folder of namesIn(apps).map((one) => join(apps, one))) {
    const record = readRecord(join(folder, 'app.json'), APP_RECORD);
    if (record?.name === name) return { record, slug: currentSlug(folder) };
  }
  return undefined;
}

function currentSlug(folder: string): ReadApp['slug'] {
  const releases = recordsIn(join(folder, 'releases')).map((file) => readRecord(file, RELEASE_RECORD));
  const succeeded = releases.filter((release) => release?.status === 'succeeded');
  const current = succeeded.sort((a, b) => (b?.version ?? 0) - (a?.version ?? 0))[0];
  if (!current || current.slug === null) return undefined;
  for (const file of recordsIn(join(folder, 'slugs'))) {
    const slug = readRecord(file, SLUG_RECORD);
    if (slug?.id !== current.slug) continue;
    const processes = new Map(slug.processes.map((process) => [process.type, { ...process, line: 0 }]));
    return { dir: file.replace(/\.json$/, ''), processes };
  }
  return undefined;
}

function recordsIn(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => /^\d+\.json$/.test(name))
    .map((name) => join(folder, name));
}
