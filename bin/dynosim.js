#!/usr/bin/env node
try {
  require('../dist/cli/boot.cjs');
} catch (error) {
  if (require('node:fs').existsSync(`${__dirname}/../dist`)) throw error;
  process.stderr.write('dynosim: It is not built yet. Run in its own folder: npm ci && npm run build\n');
  process.exitCode = 1;
}
