import { constants, existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorMessage, UserError } from '../base/errors.js';
import { isAllowed } from '../config/folder.js';
import type { Buildpack, BuildpackRelease, BuildSite } from './buildpack.js';
import { BuildFailed, type Place } from './executor.js';
import { parseRelease } from './release-file.js';

/** A classic buildpack in a folder of this machine. https://devcenter.heroku.com/articles/buildpack-api */
export class FolderBuildpack implements Buildpack {
  readonly name: string;
  readonly url: string;
  readonly #source: string;
  #copy = '';

  /**
   * @param url `file:///path/to/it`
   * @throws UserError `NO_SUCH_BUILDPACK`
   */
  constructor(url: string) {
    this.name = url;
    this.url = url;
    this.#source = folderOf(url);
  }

  async detect(site: BuildSite): Promise<{ app: string } | { refusal: string }> {
    this.#copy = await copyPack(this.#source, site.workDir);
    const { status, stdout, stderr } = await site.executor.ask(
      [this.#program('detect'), site.dir],
      placeIn(site),
    );
    return status === 0 ? { app: stdout.trim() } : { refusal: stdout + stderr };
  }

  async compile(site: BuildSite): Promise<void> {
    const { dir, cacheDir, envDir, executor } = site;
    let last = '';
    const command = [this.#program('compile'), dir, cacheDir, envDir] as const;
    const status = await executor.run(command, placeIn(site), (text) => {
      last = text;
      executor.print(text);
    });
    if (last !== '' && !last.endsWith('\n')) executor.print('\n');
    if (status !== 0) throw new BuildFailed();
    await this.#takeExports(site);
  }

  async release(site: BuildSite): Promise<BuildpackRelease> {
    const program = this.#program('release');
    if (!existsSync(program)) return { processTypes: {}, configVars: {} };
    const { status, stdout, stderr } = await site.executor.ask([program, site.dir], placeIn(site));
    if (status === 0) return parseRelease(stdout);
    site.executor.print(stderr);
    throw new BuildFailed();
  }

  #program(name: 'detect' | 'compile' | 'release'): string {
    return join(this.#copy, 'bin', name);
  }

  /** What its file `export` sets is for the buildpacks after it. */
  async #takeExports(site: BuildSite): Promise<void> {
    const script = join(this.#copy, 'export');
    if (!existsSync(script)) return;
    const file = join(this.#copy, '.env');
    const before = placeIn(site);
    const command = ['bash', '-c', '. "$0" >/dev/null; env -0 >"$1"', script, file] as const;
    await site.executor.ask(command, before);
    for (const line of (await readFile(file, 'utf8')).split('\0')) {
      const [name = '', value] = splitOnce(line, '=');
      if (value !== undefined && value !== before.env[name] && !SHELLS_OWN.has(name))
        site.exported.set(name, value);
    }
  }
}

/** Variables that bash sets for its commands. */
const SHELLS_OWN: ReadonlySet<string> = new Set(['_', 'PWD', 'OLDPWD', 'SHLVL']);

/** The environment of a classic buildpack: config vars reach it as files alone. */
function placeIn({ dir, plainEnv, exported }: BuildSite): Place {
  return { dir, env: { ...plainEnv, ...Object.fromEntries(exported) } };
}

function folderOf(url: string): string {
  const remedy = 'Name a folder with bin/detect and bin/compile: file:///path/to/it';
  let folder: string;
  try {
    folder = fileURLToPath(url.replace(/#.*$/, ''));
  } catch (error) {
    throw new UserError('NO_SUCH_BUILDPACK', `${url} names no folder: ${errorMessage(error)}`, remedy);
  }
  const missing = ['bin/detect', 'bin/compile'].find(
    (file) => !isAllowed(join(folder, file), constants.R_OK),
  );
  if (missing === undefined) return folder;
  throw new UserError('NO_SUCH_BUILDPACK', `${folder} is no buildpack: ${missing} is missing`, remedy);
}

/** Buildpacks write into their own folder. */
async function copyPack(source: string, workDir: string): Promise<string> {
  const copy = await mkdtemp(join(workDir, 'pack-'));
  await cp(source, copy, { recursive: true, verbatimSymlinks: true });
  const bin = join(copy, 'bin');
  await Promise.all((await readdir(bin)).map((name) => chmod(join(bin, name), 0o755)));
  return copy;
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const index = text.indexOf(separator);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
