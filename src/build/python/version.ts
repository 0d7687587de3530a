/** Which Python an app asks for. https://devcenter.heroku.com/articles/python-runtimes */

import { join } from 'node:path';
import { isAtLeast } from '../../base/versions.js';
import { textOf } from '../../config/folder.js';
import { OLDEST_PYTHON } from '../../config/languages.js';
import {
  DEFAULT_PYTHON,
  EMPTY_VERSION_FILE,
  endOfLife,
  INVALID_RUNTIME_TXT,
  invalidPipfileVersion,
  invalidVersion,
  severalVersions,
} from './version-texts.js';

type Origin = 'runtime.txt' | '.python-version' | 'Pipfile.lock' | 'default';

export type RequestedPython =
  | { readonly version: string; readonly origin: Origin }
  /** Why the build fails. */
  | { readonly refusal: string };

/** @param files the names in the app's folder */
export function readRequestedPython(dir: string, files: ReadonlySet<string>): RequestedPython {
  const found = files.has('runtime.txt')
    ? readRuntimeTxt(dir)
    : files.has('.python-version')
      ? readVersionFile(dir)
      : (files.has('Pipfile.lock') && readPipfile(dir)) || {
          version: DEFAULT_PYTHON,
          origin: 'default' as const,
        };
  if ('refusal' in found || isAtLeast(found.version, OLDEST_PYTHON)) return found;
  return { refusal: endOfLife(majorOf(found.version), found.origin) };
}

/** `3.14` of `3.14.2` */
export function majorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

const VERSION = /^\d+\.\d+(?:\.\d+)?$/;

function readRuntimeTxt(dir: string): RequestedPython {
  const [, version = ''] = /^python-(.+)$/.exec(versionLines(join(dir, 'runtime.txt')).join('\n')) ?? [];
  return VERSION.test(version) ? { version, origin: 'runtime.txt' } : { refusal: INVALID_RUNTIME_TXT };
}

function readVersionFile(dir: string): RequestedPython {
  const lines = versionLines(join(dir, '.python-version'));
  const invalid = lines.find((line) => !VERSION.test(line));
  if (invalid !== undefined) return { refusal: invalidVersion(invalid) };
  const [version, ...others] = lines;
  if (version === undefined) return { refusal: EMPTY_VERSION_FILE };
  return others.length > 0 ? { refusal: severalVersions(lines) } : { version, origin: '.python-version' };
}

/** Neither empty lines nor comments. */
function versionLines(path: string): readonly string[] {
  const lines = textOf(path).split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}

function readPipfile(dir: string): RequestedPython | undefined {
  const text = textOf(join(dir, 'Pipfile.lock'));
  const required = /"python_full_version":\s*"(.*)"/.exec(text) ?? /"python_version":\s*"(.*)"/.exec(text);
  const version = required?.[1];
  if (version === undefined) return undefined;
  return VERSION.test(version)
    ? { version, origin: 'Pipfile.lock' }
    : { refusal: invalidPipfileVersion(version) };
}
