/**
 * Whether to color the output to a stream: only on a terminal, unless NO_COLOR or FORCE_COLOR say otherwise.
 * https://no-color.org, https://force-color.org
 */
export function wantsColor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return stream.isTTY === true && env.TERM !== 'dumb';
}
