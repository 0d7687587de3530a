/** JUnit's XML, the format of test results that most CI systems read. */

import { codePoint } from '../../base/wording.js';

/** A test suite with its results. */
export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/** One result. It has passed if it neither failed nor was skipped. */
export interface TestCase {
  readonly name: string;
  /** The file that it is about, relative to the app's folder. */
  readonly file?: string;
  readonly durationMs?: number;
  readonly failure?: { readonly message: string; readonly text?: string };
  /** Why it was skipped. */
  readonly skipped?: string;
  /** What else there is to say, such as warnings. */
  readonly output?: string;
}

/**
 * Formats a suite as an XML document. There is no standard; these elements and attributes are those that Jenkins, GitLab
 * and GitHub's reporters have in common. https://github.com/testmoapp/junitxml
 */
export function toJunit({ name, cases }: TestSuite): string {
  const totals = {
    name,
    tests: cases.length,
    failures: cases.filter(({ failure }) => failure !== undefined).length,
    errors: 0,
    skipped: cases.filter(({ skipped }) => skipped !== undefined).length,
    time: seconds(cases.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0)),
  };
  const suite = element('testsuite', totals, cases.map((one) => testCase(name, one)).join('\n'));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', totals, suite)}\n`;
}

function testCase(suite: string, { name, file, durationMs = 0, failure, skipped, output }: TestCase): string {
  const children = [
    ...(failure ? [element('failure', { message: failure.message }, escapeXml(failure.text ?? ''))] : []),
    ...(skipped !== undefined ? [element('skipped', { message: skipped })] : []),
    ...(output !== undefined ? [element('system-out', {}, escapeXml(output))] : []),
  ];
  const attributes = {
    classname: suite,
    name,
    ...(file !== undefined && { file }),
    time: seconds(durationMs),
  };
  return element('testcase', attributes, children.join('\n'));
}

/** @param content XML, on lines of its own if it begins with an element */
function element(tag: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeAttribute(`${value}`)}"`);
  const start = `<${tag}${pairs.join('')}`;
  if (content === '') return `${start}/>`;
  return content.startsWith('<') ? `${start}>\n${content}\n</${tag}>` : `${start}>${content}</${tag}>`;
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3);
}

/** A parser turns line ends in attributes into spaces unless they are escaped. */
function escapeAttribute(text: string): string {
  return escapeXml(text).replace(/[\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, codePoint).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

/** What XML 1.0 cannot contain, not even escaped, and other control characters. https://www.w3.org/TR/xml/#charsets */
const FORBIDDEN = /[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
