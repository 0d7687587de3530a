import { packageNames, readRequirements } from '../../requirements.js';
import type { AppFolder } from '../proposal.js';

/** The normalized names of the packages that an app requires. */
export function pythonPackages(app: AppFolder): ReadonlySet<string> {
  const names = new Set([
    ...readRequirements(app.text).names,
    ...ofToml(app.text('Pipfile')),
    ...ofToml(app.text('pyproject.toml')),
  ]);
  // https://fastapi.tiangolo.com/#dependencies
  if (names.has('fastapi[standard]') || names.has('fastapi[all]')) names.add('uvicorn');
  return names;
}

/** Keys, and the requirements in strings: enough to recognise a package. */
function ofToml(text: string): readonly string[] {
  const keys = text.matchAll(/^\s*"?([a-z0-9][\w.-]*)"?\s*=/gim);
  const strings = text.matchAll(/["']([a-z0-9][\w.-]*)(\[[\w, .-]+\])?\s*(?:[<>=!~;@ ][^"'\n]*)?["']/gi);
  return [...keys, ...strings].flatMap(([, name = '', extras = '']) => packageNames(name, extras));
}
