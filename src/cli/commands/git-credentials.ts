import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { printLines } from '../output.js';

/** What git asks for the token: `git credential` runs it with "get". https://git-scm.com/docs/gitcredentials */
export function createGitCredentialsCommand(): Command {
  return new Command('git:credentials').argument('<operation>').action(async (operation: string) => {
    const asked = await text(process.stdin);
    if (operation !== 'get') return;
    const { connectToHost } = await import('../connect.js');
    const connection = await connectToHost();
    if (!connection) return;
    const { host } = new URL(connection.runtime.api);
    const lines = new Set(asked.split('\n'));
    if (!lines.has('protocol=https') || !lines.has(`host=${host}`)) return;
    printLines(['username=heroku', `password=${connection.token}`]);
  });
}
