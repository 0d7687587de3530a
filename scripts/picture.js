// Makes the README's picture of the dashboard, docs/images/dashboard.png: runs an app with visitors for two minutes, and
// looks at it with Chromium.
//   npm run picture
//   npm run picture -- /path/to/chromium
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const PICTURE = 'docs/images/dashboard.png';
const SECONDS = 120;

const APP = {
  Procfile: 'web: node web.js\nworker: node worker.js\n',
  'web.js': `require('node:http').createServer((request, response) => {
  if (request.url === '/checkout' && Math.random() < 0.1) response.statusCode = 500;
  const ms = { '/search': 120, '/checkout': 60 }[request.url] ?? 6;
  setTimeout(() => response.end('Hello'), ms * (0.5 + 2 * Math.random() ** 3));
}).listen(process.env.PORT);`,
  'worker.js': 'setInterval(() => console.log("Nothing to do"), 20_000);',
};

const [executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), 'dynosim-picture-'));
const dir = join(home, 'my-app');
// Nothing of this machine is in the picture, and nothing on it changes.
const env = { ...process.env, HOME: home, XDG_STATE_HOME: '', XDG_CACHE_HOME: '', XDG_DATA_HOME: '' };
mkdirSync(dir);
for (const [name, content] of Object.entries(APP)) writeFileSync(join(dir, name), content);

const app = spawn(
  process.execPath,
  [resolve('bin/dynosim.js'), 'start', '--port', '0', '--log-format', 'json'],
  {
    cwd: dir,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
try {
  const { router } = await ready(app);
  dynosim('ps:wait');
  dynosim('ps:sleep');
  await visit(router, '/');
  dynosim('ps:scale', 'web=2');
  const url = dynosim('dashboard', '--url').trim();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 1200, height: 860 }, colorScheme: 'light' });
  await page.goto(url);
  await browse(router, Date.now() + SECONDS * 1000);
  // Long enough for the countdown to sleep to have begun.
  await page.waitForTimeout(5000);
  mkdirSync(dirname(PICTURE), { recursive: true });
  await page.screenshot({ path: PICTURE });
  await browser.close();
} finally {
  app.kill();
  await new Promise((resolve) => app.once('close', resolve));
  rmSync(home, { recursive: true, force: true });
}

/** The first line of the app's log: where it is. */
async function ready({ stdout }) {
  let text = '';
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    text += chunk;
    const [line] = /^\{"event":"ready".*$/m.exec(text) ?? [];
    if (line) {
      stdout.resume();
      return JSON.parse(line);
    }
  }
  throw new Error('dynosim has ended');
}

/** What a command of dynosim prints. */
function dynosim(...args) {
  return execFileSync(process.execPath, [resolve('bin/dynosim.js'), ...args], {
    cwd: dir,
    env,
    encoding: 'utf8',
  });
}

/** Visits the app more and less often, as people do. */
async function browse(router, end) {
  const paths = ['/', '/', '/products/17', '/products/4', '/search', '/checkout'];
  for (let visits = 0; Date.now() < end; visits += 1) {
    void visit(router, paths[Math.floor(Math.random() * paths.length)]);
    await new Promise((resolve) => setTimeout(resolve, 150 + 120 * Math.sin(visits / 25)));
  }
}

async function visit(router, path) {
  await (await fetch(router + path)).text();
}
