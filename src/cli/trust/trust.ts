import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { systemTime } from '../../base/clock.js';
import { errorCode, UserError } from '../../base/errors.js';
import { type CommandLine, loadPrograms } from '../../base/process.js';
import { namesIn } from '../../base/read.js';
import { openAuthority } from '../../tls/authority.js';
import { dataFolder } from '../../tls/data-folder.js';
import { shellQuote } from '../format/shell-quote.js';
import { action, print } from '../output.js';
import { type TrustStore, trustStores } from './stores.js';

export interface TrustFlags {
  readonly undo?: true;
  readonly dryRun?: true;
}

/**
 * Makes this machine's programs trust the user's authority, and shows the steps that it cannot take itself.
 * @throws UserError `NOT_AS_ROOT`, `DATA_UNUSABLE`; `NOT_TRUSTED` of the first store that could not be changed
 */
export async function trust({ undo, dryRun }: TrustFlags): Promise<void> {
  const { env, platform } = process;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && env.SUDO_USER !== undefined)
    throw new UserError(
      'NOT_AS_ROOT',
      'Each user has an authority of their own, and this would be the one of root',
      'Run it without sudo: it shows what needs root.',
    );
  const { certificate, certificateFile: file } = openAuthority(dataFolder(env), systemTime().wall());
  const name = /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '';
  const machine = { platform, home: env.HOME || homedir(), exists: existsSync, list: namesIn };
  print(`${name}, for localhost, *.localhost and the loopback addresses only:`);
  print(`  ${file}`);
  const failures: unknown[] = [];
  for (const store of trustStores(machine, { file, name })) {
    const lines = undo ? store.undo : store.trust;
    const sudo = store.needsRoot && !isRoot ? 'sudo ' : '';
    if (dryRun || sudo !== '') show(store, lines, sudo);
    else await change(store, lines, undo).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  if (undo) return;
  print('\nFor a single program:');
  print(`  curl --cacert ${shellQuote(file)} https://localhost:5006`);
  print(`  export NODE_EXTRA_CA_CERTS=${shellQuote(file)}`);
}

function show({ name }: TrustStore, lines: readonly CommandLine[], sudo: string): void {
  print(`\nFor ${name}:`);
  for (const line of lines) print(`  ${sudo}${line.map(shellQuote).join(' ')}`);
}

async function change(
  store: TrustStore,
  lines: readonly CommandLine[],
  undo: true | undefined,
): Promise<void> {
  const doing = `${undo ? 'Removing it from' : 'Adding it to'} ${store.name}`;
  try {
    await action(doing, async () => {
      for (const line of lines) await runForTrust(line);
    });
  } catch (error) {
    if (errorCode(error) !== 'NO_PROGRAM') throw error;
    show(store, lines, '');
    if (store.install !== undefined) print(`  (needs certutil: ${store.install})`);
  }
}

/** @throws UserError `NOT_TRUSTED`, `NO_PROGRAM` */
async function runForTrust(command: CommandLine): Promise<void> {
  const [program] = command;
  const { run } = await loadPrograms();
  // Some ask for a password.
  const { failure, status, stderr } = await run(command, { share: ['stdin'] }).finished;
  if (failure === 'ENOENT') throw new UserError('NO_PROGRAM', `There is no ${program} on the PATH`);
  if (failure !== undefined) throw new UserError('NOT_TRUSTED', `${program} cannot be started (${failure})`);
  if (status === 0) return;
  const said = stderr.trim().split('\n').at(-1);
  throw new UserError('NOT_TRUSTED', `${program} ended with status ${status}${said ? `: ${said}` : ''}`);
}
