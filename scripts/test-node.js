// Runs the suite on other versions of Node, whose binaries come as npm packages into a cache folder.
//   npm run test:node            on 22, 24 and 26
//   npm run test:node -- 24      on this one only
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24', '26'];

for (const version of versions) {
  const bin = install(version);
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  console.log(`\nNode ${execFileSync('node', ['--version'], { env, encoding: 'utf8' })}`);
  const projects = ['unit', 'integration', 'e2e'].flatMap((name) => ['--project', name]);
  execFileSync('node', ['node_modules/vitest/vitest.mjs', 'run', ...projects], {
    env,
    stdio: 'inherit',
  });
}

/** The folder with this version's `node`. */
function install(version) {
  const platform = `${process.platform}-${process.arch}`;
  const folder = resolve('.cache', `node-${version}`);
  const bin = join(folder, 'node_modules', `node-${platform}`, 'bin');
  if (!existsSync(bin)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', `node-${platform}@${version}`], {
      stdio: 'inherit',
    });
  }
  return bin;
}
