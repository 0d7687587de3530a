import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { QUESTIONS } from '../../../src/doctor/questions.js';

const PAGES = new URL('../../../docs/doctor/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, PAGES), 'utf8');

/** The rows of the index in a section: id and title. */
function listed(section: string): readonly (readonly [string, string])[] {
  const [, text = ''] = read('README.md').split(`## ${section}\n`);
  const [rows = ''] = text.split('\n## ');
  return Array.from(rows.matchAll(/^\| \[(\w+)\]\(\1\.md\) \| (.*) \|$/gm), ([, id = '', title = '']) => [
    id,
    title,
  ]);
}

function titles(about: 'files' | 'app'): readonly (readonly [string, string])[] {
  return Object.entries(QUESTIONS)
    .filter(([, question]) => question.about === about)
    .map(([id, { title }]) => [id, title]);
}

it('each question of doctor has a page, and each page a question', () => {
  const pages = readdirSync(PAGES).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(
    Object.keys(QUESTIONS)
      .map((id) => `${id}.md`)
      .sort(),
  );
});

it('the index lists the questions in their order', () => {
  expect(listed('Answered by files')).toEqual(titles('files'));
  expect(listed('Answered by the running app')).toEqual(titles('app'));
});

describe.each(Object.entries(QUESTIONS))('the page of %s', (id, { title, why, link }) => {
  const page = read(`${id}.md`);

  it('says what the table says', () => {
    expect(page).toMatch(new RegExp(`^# ${id}: `));
    expect(page.split('\n')[0]).toBe(`# ${id}: ${title}`);
    expect(page).toContain(`${why} See [Heroku's page](${link}).`);
  });

  it('says what is asked, when which verdict is given, and how to mend it', () => {
    expect(Array.from(page.matchAll(/^## (.*)$/gm), ([, heading]) => heading)).toEqual([
      'What is asked',
      'How to mend it',
    ]);
    expect(page).toMatch(/^\| (?:fail|warn) \| /m);
    expect(page).toMatch(/^\| skip \| /m);
  });

  it('leads only to pages that are there', () => {
    for (const [, name = ''] of page.matchAll(/\]\((\w+)\.md\)/g))
      expect(Object.keys(QUESTIONS)).toContain(name);
  });
});
