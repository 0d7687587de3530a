import { MB } from '../../base/bytes.js';

/** `52 MB`, `1.2 GB`: of 1024, as the sizes of dynos are, and not `0 MB` for a small program. */
export function formatBytes(bytes: number): string {
  const mb = bytes / MB;
  return mb < 1000 ? `${Math.ceil(mb)} MB` : `${Number((mb / 1024).toFixed(1))} GB`;
}
