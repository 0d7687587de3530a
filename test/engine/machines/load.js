// Sends requests to a service from a container beside it, on a new connection each, as fast as a few clients can.
// On SIGTERM it prints what has become of them, as JSON: {"sent": 3049, "lost": 0, "errors": {}}
// Usage: node load.js URL
import { request } from 'node:http';

const CLIENTS = 4;
const TIMEOUT_MS = 10_000;

const [url] = process.argv.slice(2);
const result = { sent: 0, lost: 0, errors: {} };
let isOver = false;

/** Resolves with what went wrong, or with undefined. */
function ask() {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      response.on('error', (error) => resolve(error.code));
      response.on('end', () => resolve(response.statusCode === 200 ? undefined : response.statusCode));
    });
    asked.on('error', (error) => resolve(error.code));
    asked.on('timeout', () => asked.destroy(Object.assign(new Error(), { code: 'timeout' })));
    asked.end();
  });
}

async function client() {
  while (!isOver) {
    const error = await ask();
    result.sent++;
    if (error === undefined) continue;
    result.lost++;
    result.errors[error] = (result.errors[error] ?? 0) + 1;
  }
}

process.on('SIGTERM', () => {
  isOver = true;
});
console.log('ready');
await Promise.all(Array.from({ length: CLIENTS }, client));
console.log(JSON.stringify(result));
