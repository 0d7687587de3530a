import { styleText } from 'node:util';

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

/** Styles text. The caller checks whether the stream shows colors. */
export function styled(style: Style, text: string): string {
  return text === '' ? '' : styleText(style, text, { validateStream: false });
}
