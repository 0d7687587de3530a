/** The programs that a Node.js build uses. */

import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '../../base/find-program.js';
import type { CommandLine } from '../../base/process.js';
import { textOf } from '../../config/folder.js';
import type { BuilderApp } from '../buildpack.js';

/** A program as it is called here. */
export interface Tool {
  readonly command: CommandLine;
  readonly version: string;
  /** `this machine`, or the folder of the app that has it. */
  readonly from: string;
}

/** A program of this machine; undefined if it has none that runs. */
export async function findTool(app: BuilderApp, ...command: CommandLine): Promise<Tool | undefined> {
  const [program] = command;
  return app.has(program) ? askVersion(app, command, 'this machine') : undefined;
}

/** npm takes long to say its version, which stands beside it. */
export async function findNpm(app: BuilderApp): Promise<Tool | undefined> {
  const file = findProgram('npm', app.env.PATH ?? '');
  const text = file === undefined ? '' : textOf(join(dirname(realpathSync(file)), '../package.json'));
  const version = /^\s*"version":\s*"(.+)"/m.exec(text)?.[1];
  if (version === undefined || !/^\s*"name":\s*"npm"/m.test(text)) return findTool(app, 'npm');
  return { command: ['npm'], version, from: 'this machine' };
}

/** A package manager, which Node's corepack may have. */
export async function findManager(app: BuilderApp, name: 'yarn' | 'pnpm'): Promise<Tool | undefined> {
  return (await findTool(app, name)) ?? findTool(app, 'corepack', name);
}

/** The yarn that the app brings along, or that of this machine. */
export async function findYarn(app: BuilderApp, own: string | undefined): Promise<Tool | undefined> {
  if (own === undefined) return findManager(app, 'yarn');
  return askVersion(app, ['node', own], own);
}

async function askVersion(app: BuilderApp, command: CommandLine, from: string): Promise<Tool | undefined> {
  const { status, stdout } = await app.ask([...command, '--version']);
  return status === 0 ? { command, version: stdout.trim().replace(/^v/, ''), from } : undefined;
}
