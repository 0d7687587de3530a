import { run, type Step } from './step.js';

/** Copies a folder between slug and cache. One that is not there is no failure. */
export function copyFolder(from: string, to: string): Step {
  const script = '[ ! -e "$0" ] || { rm -rf "$1" && mkdir -p "$1" && cp -a "$0/." "$1"; }';
  return run(['bash', '-c', script, from, to], []);
}
