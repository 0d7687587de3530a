import { expect, test } from 'vitest';
import { ignoredPatterns } from '../../../../src/export/image/ignore.js';

test("git's patterns become Docker's", () => {
  const git = '# a comment\n\n*.log\n/dist/\nsrc/gen\n!keep.log\nnode_modules/\n';
  expect(ignoredPatterns({ git, slug: '' }).slice(0, 5)).toEqual([
    '**/*.log',
    'dist',
    'src/gen',
    '!**/keep.log',
    '**/node_modules',
  ]);
});

test("Heroku's patterns are words", () => {
  const slug = '*.psd /docs test/ # not these\n';
  expect(ignoredPatterns({ git: '', slug }).slice(0, 3)).toEqual(['**/*.psd', 'docs', '**/test']);
});

test('the folder tmp stays with what git keeps it by, so that an app can write into it', () => {
  const patterns = ignoredPatterns({ git: '/tmp/*\n', slug: '' });
  expect(patterns.slice(patterns.indexOf('tmp/**'))).toEqual(['tmp/**', '!tmp/**/.keep', '!tmp/**/.gitkeep']);
});

test('env files are left out whatever the app says', () => {
  const patterns = ignoredPatterns({ git: '!.env\n', slug: '' });
  expect(patterns.lastIndexOf('**/.env*')).toBeGreaterThan(patterns.lastIndexOf('!**/.env'));
});
