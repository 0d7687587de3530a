import { styleText } from 'node:util';

/** What dynosim colours text with. */
export type Style =
  | 'bold'
  | 'dim'
  | 'red'
  | 'green'
  | 'yellow'
  | 'blue'
  | 'magenta'
  | 'cyan'
  | 'blueBright'
  | 'cyanBright'
  | 'greenBright'
  | 'magentaBright'
  | 'yellowBright';

/** Text in a style, what follows it in none. The caller has looked whether the stream shows colours. */
export function styled(style: Style, text: string): string {
  return text === '' ? '' : styleText(style, text, { validateStream: false });
}
