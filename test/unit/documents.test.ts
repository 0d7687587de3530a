import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A file, perhaps with names that stand in it (`dynos/dyno.ts:restart, #launch`), or a folder (`router/`). */
const REFERENCE = /^(?<path>[\w.-]+(?:\/[\w.-]+)*(?:\/|\.(?:ts|js|pl|md)))(?::(?<names>#?\w+(?:, #?\w+)*))?$/;

interface Reference {
  readonly text: string;
  readonly path: string;
  readonly names: readonly string[];
}

/** What a document names in backticks, without its code blocks. */
function referencesIn(document: string): readonly Reference[] {
  const prose = readFileSync(join(ROOT, document), 'utf8').replace(/^```.*?^```/gms, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, text = '']) => {
    const { path, names = '' } = REFERENCE.exec(text)?.groups ?? {};
    return path === undefined ? [] : [{ text, path, names: names.split(', ').filter(Boolean) }];
  });
}

/** The references that lead nowhere. Paths count from src/, the root, or the folder of the path before. */
function brokenReferences(document: string): readonly string[] {
  let folder = ROOT;
  return referencesIn(document).flatMap(({ text, path, names }) => {
    const found = [join(ROOT, 'src'), ROOT, folder].map((base) => join(base, path)).find(existsSync);
    if (found === undefined) return [text];
    folder = path.endsWith('/') ? found : dirname(found);
    const code = names.length > 0 ? readFileSync(found, 'utf8') : '';
    return names.every((name) => new RegExp(`(?<![\\w#])${name}\\b`).test(code)) ? [] : [text];
  });
}

it.each(['CONTRIBUTING.md', 'GLOSSARY.md', 'docs/architecture.md'])(
  '%s names only files, folders and functions that exist',
  (document) => {
    expect(referencesIn(document).length).toBeGreaterThan(20);
    expect(brokenReferences(document)).toEqual([]);
  },
);
