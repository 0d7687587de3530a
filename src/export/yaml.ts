import { Document, isCollection } from 'yaml';

/**
 * Writes a document. The engines read YAML 1.1, to which `no` is a boolean unless it is in quotes.
 * @param replaced the paths of lists that replace those of another file (`!override`)
 */
export function toYaml(value: unknown, replaced: readonly (readonly string[])[] = []): string {
  const document = new Document(value, { version: '1.1', aliasDuplicateObjects: false });
  for (const path of replaced) {
    const node = document.getIn(path, true);
    if (isCollection(node)) node.tag = '!override';
  }
  document.setSchema('1.1');
  return document.toString({ lineWidth: 0, directives: false });
}
