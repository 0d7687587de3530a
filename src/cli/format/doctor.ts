import type { Style } from '../../base/style.js';
import { shorten, withoutControls } from '../../base/wording.js';
import type { Check, Diagnosis, Verdict } from '../../doctor/question.js';
import { wrap } from '../../logs/wrap.js';
import { formatAnnotation, placeIn } from './github.js';
import type { TestCase, TestSuite } from './junit.js';
import type { Layout } from './table.js';

const STYLES: Readonly<Record<Verdict, Style>> = { pass: 'green', warn: 'yellow', fail: 'red', skip: 'dim' };

/** The longest ID is "dependencies". */
const ID_WIDTH = 12;
const INDENT = ' '.repeat('pass  '.length + ID_WIDTH + '  '.length);

/**
 * A line for each check: `pass  sigterm       Ends in time when it is told to stop`. What was found is shortened, because
 * `formatFindings` prints it; other texts are wrapped.
 */
export function formatCheck({ verdict, id, title, seen }: Check, { paint, width }: Layout): string {
  const room = Math.max(20, width - INDENT.length);
  const text = withoutControls(verdict === 'pass' ? title : seen);
  const rows = verdict === 'pass' || verdict === 'skip' ? wrap(text, room) : [shorten(text, room)];
  return `${paint(STYLES[verdict], verdict)}  ${id.padEnd(ID_WIDTH)}  ${rows.join(`\n${INDENT}`)}`;
}

/** What was seen, why it matters and how to mend it, for each check that found something; then the verdict. */
export function formatFindings({ app, verdict, checks }: Diagnosis, layout: Layout): readonly string[] {
  const { heading, paint } = layout;
  const found = checks.filter(hasFound);
  const details = found.flatMap((check) => [
    '',
    heading(`${check.id} (${check.verdict})`),
    ...paragraph('Seen:', check.seen, layout),
    ...paragraph('Why:', check.why, layout, check.link),
    ...paragraph('Mend:', check.mend ?? '', layout),
  ]);
  const count = (wanted: Verdict): number => checks.filter((check) => check.verdict === wanted).length;
  const counts = (['pass', 'warn', 'fail', 'skip'] as const).map((one) => `${count(one)} ${one}`).join(', ');
  return [...details, '', `${app}: ${paint(STYLES[verdict], verdict)} (${counts})`];
}

/**
 * `Seen:  …`, its other rows indented alike.
 * @param link follows the text. It is never broken: people click on it.
 */
function paragraph(label: string, text: string, { width }: Layout, link = ''): readonly string[] {
  const indent = ' '.repeat('Seen:  '.length);
  const room = Math.max(20, width - indent.length);
  const rows = wrap(withoutControls(text), room);
  const last = rows.at(-1) ?? '';
  const isBeside = link !== '' && last.length + 1 + link.length <= room;
  const all = isBeside ? [...rows.slice(0, -1), `${last} ${link}`] : [...rows, ...(link ? [link] : [])];
  return all.map((row, index) => (index === 0 ? label.padEnd(indent.length) : indent) + row);
}

function hasFound({ verdict }: Check): boolean {
  return verdict === 'warn' || verdict === 'fail';
}

/** What `doctor --json` prints. */
export function toJson({ app, verdict, checks }: Diagnosis): object {
  return {
    app,
    verdict,
    checks: checks.map(({ id, title, verdict, seen, why, mend, link, durationMs }) => {
      return { id, title, verdict, seen, why, mend, link, durationMs };
    }),
  };
}

/** A test for each question. */
export function doctorSuite({ checks }: Diagnosis): TestSuite {
  return { name: 'dynosim doctor', cases: checks.map(testCase) };
}

function testCase(check: Check): TestCase {
  const { id, verdict, seen, place, durationMs } = check;
  return {
    name: id,
    ...(place && { file: place.file }),
    durationMs,
    ...(verdict === 'fail' && { failure: { message: seen, text: explain(check) } }),
    ...(verdict === 'skip' && { skipped: seen }),
    ...(verdict === 'warn' && { output: explain(check) }),
  };
}

/**
 * What was found, as GitHub Actions takes it: a line for each.
 * @param dir the app's folder
 * @param root the root of the repository
 */
export function formatAnnotations({ checks }: Diagnosis, dir: string, root: string): readonly string[] {
  return checks.filter(hasFound).map((check) => {
    const { verdict, id, place } = check;
    const level = verdict === 'fail' ? 'error' : 'warning';
    const where = place && placeIn(place, dir, root);
    return formatAnnotation({ level, ...where, title: `dynosim doctor: ${id}`, message: explain(check) });
  });
}

function explain({ seen, why, link, mend }: Check): string {
  return [seen, `${why} ${link}`, ...(mend === null ? [] : [mend])].join('\n');
}
