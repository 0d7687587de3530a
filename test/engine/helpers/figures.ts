/** Runs something, and says how many seconds it took. */
export async function secondsOf(work: () => Promise<void>): Promise<string> {
  const start = performance.now();
  await work();
  return ((performance.now() - start) / 1000).toFixed(1);
}

/** Prints what was measured, as one line. */
export function figure(text: string): void {
  console.log(`Measured: ${text}`);
}
