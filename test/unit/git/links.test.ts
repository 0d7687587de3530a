import { expect, test } from 'vitest';
import { leadsOut } from '../../../src/git/links.js';

/** Whether the link `a/link` leads out. */
function leads(target: string, others: Readonly<Record<string, string>> = {}): boolean {
  return leadsOut('a/link', new Map(Object.entries({ 'a/link': target, ...others })));
}

test.each(['file', './file', '../b', '../a/../b', 'sub/../../b', '..', 'nowhere/at/all', ''])(
  'a link to %j stays inside',
  (target) => {
    expect(leads(target)).toBe(false);
  },
);

test.each(['../..', '../../b', '../../app/b', '/etc/passwd', '/', 'sub/../../../b', './../.././..'])(
  'a link to %j leads out',
  (target) => {
    expect(leads(target)).toBe(true);
  },
);

test('links are followed as the system does it', () => {
  // Read letter by letter, each stays inside.
  expect(leads('../deep/up/../x', { 'deep/up': '..' })).toBe(true);
  expect(leads('../deep/up/x', { 'deep/up': '..' })).toBe(false);
  expect(leads('other', { 'a/other': '/etc' })).toBe(true);
  expect(leads('../b/c', { b: 'd/e', 'd/e/c': '../../..' })).toBe(true);
  expect(leads('../b/../../x', { b: 'd/e' })).toBe(false);
});

test('a circle leads nowhere', () => {
  expect(leads('link')).toBe(false);
  expect(leads('other', { 'a/other': 'link' })).toBe(false);
});
