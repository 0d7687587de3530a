import { errorMessage, UserError } from './errors.js';

/**
 * Begins to download a file.
 * @throws UserError `DOWNLOAD_FAILED`
 */
export async function download(url: URL, signal?: AbortSignal): Promise<AsyncIterable<Buffer>> {
  const response = await fetch(url, { signal: signal ?? null }).catch((error: Error) => {
    throw failed(url, errorMessage(error.cause ?? error));
  });
  if (response.ok && response.body) return response.body as unknown as AsyncIterable<Buffer>;
  await response.body?.cancel();
  throw failed(url, `the answer is ${response.status} ${response.statusText}`.trim());
}

/** Without the query, which may contain a password. */
function failed({ origin, pathname }: URL, why: string): UserError {
  return new UserError('DOWNLOAD_FAILED', `${origin}${pathname} cannot be downloaded: ${why}`);
}
