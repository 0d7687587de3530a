/**
 * An error of the library that reads the command line, as dynosim words its own:
 * `dynosim: unknown command 'pz'. Did you mean ps?`
 * @param command whose help says more: `dynosim ps`
 */
export function toOneLine(text: string, command: string): string {
  const [said = '', suggestion] = text
    .replace(/^error: /, '')
    .trimEnd()
    .split('\n');
  const hint = suggestion?.replace(/^\((.*)\)$/, '$1') ?? `See ${command} --help.`;
  return `dynosim: ${said.replace(/\.$/, '')}. ${hint}\n`;
}
