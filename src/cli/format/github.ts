/** Annotations, which GitHub Actions shows beside the lines of a pull request. */

import { isAbsolute, relative, resolve } from 'node:path';
import { printable } from '../../base/wording.js';

/** A remark about a file, or about none. */
interface Annotation {
  readonly level: 'error' | 'warning';
  /** Relative to the root of the repository. */
  readonly file?: string;
  /** From 1; 0 is the file as a whole. */
  readonly line?: number;
  /** What GitHub shows in bold above the message. */
  readonly title?: string;
  readonly message: string;
}

/**
 * Where GitHub finds a place in an app's files.
 * @param dir the app's folder
 * @param root the root of the repository
 */
export function placeIn(
  { file, line }: { readonly file: string; readonly line: number },
  dir: string,
  root: string,
): Pick<Annotation, 'file' | 'line'> {
  const path = relative(root, resolve(dir, file));
  const isInside = !path.startsWith('..') && !isAbsolute(path);
  return { file: isInside ? path : file, line };
}

/** Whether GitHub Actions runs this process, and so reads its output. */
export function isGithubActions(env: NodeJS.ProcessEnv): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

/**
 * Formats an annotation as the line that a program prints: `::error file=Procfile,line=1::…`.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
 */
export function formatAnnotation({ level, file, line = 0, title, message }: Annotation): string {
  const properties = [
    ...(file !== undefined ? [`file=${escapeProperty(file)}`] : []),
    ...(file !== undefined && line > 0 ? [`line=${line}`] : []),
    ...(title !== undefined ? [`title=${escapeProperty(title)}`] : []),
  ];
  return `::${[level, properties.join(',')].filter(Boolean).join(' ')}::${escapeData(message)}`;
}

/** As GitHub's own toolkit does. https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeData(text: string): string {
  const lines = text.split(/\r\n|[\r\n]/).map((line) => printable(line).replaceAll('%', '%25'));
  return lines.join('%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
