import { createHash } from 'node:crypto';
import { createReadStream, promises } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ArchiveRequest } from '../../apps/requests.js';
import type { Clock } from '../../base/clock.js';
import { download } from '../../base/download.js';
import { UserError } from '../../base/errors.js';
import { BUILD_LIMITS } from '../../base/limits.js';
import { findBuildpack } from '../../build/choose.js';
import type { Source } from './deploy.js';
import type { Sources } from './sources.js';
import { unpack } from './unpack.js';

export interface ArchiveWorld {
  readonly sources: Sources;
  /** `PATH`, by which tar is found. */
  readonly path: string;
  /** Real time. */
  readonly clock: Clock;
}

/**
 * The code in an archive that was uploaded here, or is on the web.
 * @throws UserError `BAD_URL`, `NO_SUCH_SOURCE`, `NO_SUCH_BUILDPACK`
 */
export async function archiveSource(request: ArchiveRequest, world: ArchiveWorld): Promise<Source> {
  const { version = '', checksum, buildpacks } = request;
  const url = parseUrl(request.url);
  const uploaded = await world.sources.fileAt(url);
  return {
    version,
    ...(version !== '' && { commit: version }),
    ...(buildpacks && { buildpacks: buildpacks.map((setting) => findBuildpack(setting).name) }),
    async put(dir, signal) {
      const file = uploaded ?? (await fetchArchive(url, world, signal));
      try {
        if (checksum !== undefined) await requireChecksum(file, checksum);
        return { ...(await unpack(file, dir, { path: world.path, signal })), warnings: [] };
      } finally {
        if (uploaded === undefined) await promises.rm(file, { force: true });
      }
    },
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new UserError('BAD_URL', 'The URL of a source must begin with http:// or https://');
}

/** @returns its file, to be removed */
async function fetchArchive(
  url: URL,
  { sources, clock }: ArchiveWorld,
  signal: AbortSignal,
): Promise<string> {
  const late = new AbortController();
  const cancel = clock.after(BUILD_LIMITS.ms, () => late.abort(new Error('it takes too long')));
  const enough = AbortSignal.any([signal, late.signal]);
  try {
    return await sources.save(await download(url, enough), enough);
  } finally {
    cancel();
  }
}

/** @throws UserError `BAD_ARCHIVE` */
async function requireChecksum(file: string, wanted: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (wanted.toLowerCase() === `sha256:${found}`) return;
  throw new UserError('BAD_ARCHIVE', `The archive has the checksum SHA256:${found}, not ${wanted}`);
}
