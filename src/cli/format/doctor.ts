import type { Style } from '../../base/style.js';
import type { Check, Diagnosis, Verdict } from '../../doctor/question.js';
import type { Layout } from './table.js';

const STYLES: Readonly<Record<Verdict, Style>> = { pass: 'green', warn: 'yellow', fail: 'red', skip: 'dim' };

/** A line for each check: `pass  sigterm       Ends within 30 seconds of SIGTERM`. */
export function formatCheck({ verdict, id, title, seen }: Check, { paint }: Layout): string {
  return `${paint(STYLES[verdict], verdict)}  ${id.padEnd(12)}  ${verdict === 'pass' ? title : seen}`;
}

/** Three lines for each check that found something: what was seen, why it matters, how to mend it. */
export function formatRemedies({ app, verdict, checks }: Diagnosis, { heading, paint }: Layout): string[] {
  const found = checks.filter((check) => check.verdict === 'warn' || check.verdict === 'fail');
  const details = found.flatMap((check) => [
    '',
    heading(`${check.id} (${check.verdict})`),
    `Seen:  ${check.seen}`,
    `Why:   ${check.why} ${check.link}`,
    `Mend:  ${check.mend}`,
  ]);
  const count = (wanted: Verdict): number => checks.filter((check) => check.verdict === wanted).length;
  const counts = (['pass', 'warn', 'fail', 'skip'] as const).map((one) => `${count(one)} ${one}`).join(', ');
  return [...details, '', `${app}: ${paint(STYLES[verdict], verdict)} (${counts})`];
}
