/**
 * A value as any shell reads it back, in quotes if it needs them.
 *
 * Heroku's CLI writes a newline as `\n` and puts what has an apostrophe between double quotes, of which shells make
 * something else. https://github.com/heroku/cli/blob/main/src/lib/config/quote.ts
 */
export function shellQuote(value: string): string {
  if (!/["\s#!$&'()*,:;<=>?@[\\\]^`{|}~]/.test(value)) return value;
  return `'${value.replaceAll("'", "'\\''")}'`;
}
