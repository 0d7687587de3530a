import { posix } from 'node:path';
import type { AppFolder } from '../proposal.js';

/** The names of the packages that an app requires, in small letters with `-` for `_` and `.`. */
export function pythonPackages(app: AppFolder): ReadonlySet<string> {
  const names = [
    ...ofRequirements(app, 'requirements.txt'),
    ...ofToml(app.text('Pipfile')),
    ...ofToml(app.text('pyproject.toml')),
  ];
  return new Set(names.flatMap(withExtras));
}

/** Follows `-r other.txt`. https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
function ofRequirements(app: AppFolder, file: string, above: readonly string[] = []): readonly string[] {
  if (above.includes(file)) return [];
  return app
    .text(file)
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, other] = /^\s*(?:-r|--requirement)[ =]\s*(\S+)/.exec(line) ?? [];
      if (other !== undefined)
        return ofRequirements(app, posix.join(posix.dirname(file), other), [...above, file]);
      const [name] = /^\s*[a-z0-9][\w.-]*(?:\[[\w, .-]+\])?/i.exec(line) ?? [];
      return name === undefined ? [] : [name.trim()];
    });
}

/** Keys, and the requirements in strings: enough to recognise a package. */
function ofToml(text: string): readonly string[] {
  const keys = text.matchAll(/^\s*"?([a-z0-9][\w.-]*)"?\s*=/gim);
  const strings = text.matchAll(/["']([a-z0-9][\w.-]*(?:\[[\w, .-]+\])?)\s*(?:[<>=!~;@ ][^"'\n]*)?["']/gi);
  return [...keys, ...strings].map(([, name = '']) => name);
}

/** `fastapi[standard]` brings uvicorn. https://fastapi.tiangolo.com/#dependencies */
function withExtras(name: string): readonly string[] {
  const [, plain = '', extras = ''] = /^([\w.-]+)(?:\[(.*)\])?$/.exec(name) ?? [];
  const normal = plain.toLowerCase().replaceAll(/[-_.]+/g, '-');
  return normal === 'fastapi' && /\b(?:standard|all)\b/.test(extras) ? [normal, 'uvicorn'] : [normal];
}
