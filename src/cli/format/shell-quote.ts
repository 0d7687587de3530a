/**
 * A value as any shell reads it back, in quotes if it needs them. Heroku's CLI writes newlines as `\n` and puts values
 * with apostrophes in double quotes, which shells read differently.
 * https://github.com/heroku/cli/blob/main/src/lib/config/quote.ts
 */
export function shellQuote(value: string): string {
  if (!/["\s#!$&'()*,:;<=>?@[\\\]^`{|}~]/.test(value)) return value;
  return `'${value.replaceAll("'", "'\\''")}'`;
}
