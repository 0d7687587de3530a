#!/usr/bin/env sh
':' //; case $NODE_OPTIONS in *--inspect*) export DYNOSIM_NODE_OPTIONS="$NODE_OPTIONS" NODE_OPTIONS= ;; esac; exec node "$0" "$@"
// The lines above are for a shell: NODE_OPTIONS=--inspect-brk is for the app, and would stop dynosim at its start.
// In ES2015, which even a Node that is too old can read.

/** `engines` in package.json. */
const OLDEST = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  fail(`It needs Node.js ${OLDEST.join('.')} or later; this is ${process.versions.node}.`);
} else {
  try {
    require('../dist/bundles/boot.cjs');
  } catch (error) {
    if (require('node:fs').existsSync(`${__dirname}/../dist`)) throw error;
    fail('It is not built yet. Run in its own folder: npm ci');
  }
}

function fail(message) {
  process.stderr.write(`dynosim: ${message}\n`);
  process.exitCode = 1;
}
