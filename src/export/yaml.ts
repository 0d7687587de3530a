import { stringify } from 'yaml';

/** A document with a comment above it. Both engines read YAML 1.1, to which `no` is a boolean unless it is in quotes. */
export function toYaml(comment: readonly string[], value: unknown): string {
  const lines = comment.map((line) => `# ${line}\n`).join('');
  return lines + stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
