import { createHash, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** A request that waits longer has been forgotten. */
const PATIENCE_MS = 60_000;

const MOST_BODY_BYTES = 200_000;
const LONGEST_ANSWER_MS = 30;
const LONGEST_THOUGHT_MS = 60;

/**
 * A request that did not get the one right answer.
 * @typedef {{ id: string, method: string, startedAt: number, endedAt: number, what: string }} Failure
 */

/** Clients that ask an app again and again, each on a connection of its own that it keeps, and check the answers. */
export class Traffic {
  requests = 0;
  posts = 0;
  /** @type {Failure[]} */
  failures = [];
  /** How many answers came from each code with each config var: `CODE;CONFIG`. */
  answered = new Map();
  #url;
  #host;
  #random;
  #clients = [];
  #isStopping = false;

  /**
   * @param {string} url the router's
   * @param {() => number} random like Math.random
   * @param {string} [host] the host name that the clients ask for
   */
  constructor(url, random, host = new URL(url).host) {
    this.#url = url;
    this.#host = host;
    this.#random = random;
  }

  start(clients) {
    this.#clients = Array.from({ length: clients }, () => this.#client());
  }

  /** Resolves when every request has its answer. */
  async stop() {
    this.#isStopping = true;
    await Promise.all(this.#clients);
  }

  /** Many requests at once, each on a new connection. */
  async flood(count, ms = 0) {
    await Promise.all(Array.from({ length: count }, () => this.#ask({ agent: false, ms })));
  }

  /** What runs: the answer to one request. */
  async look() {
    const { status, what } = await answerTo(`${this.#url}/?ms=0`, {
      method: 'GET',
      agent: false,
      headers: { Host: this.#host },
      body: Buffer.alloc(0),
    });
    return status === 200 ? what : `status ${status}`;
  }

  async #client() {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.#isStopping) {
      await this.#ask({ agent, ms: Math.floor(this.#random() ** 3 * LONGEST_ANSWER_MS) });
      await pause(this.#random() * LONGEST_THOUGHT_MS);
    }
    agent.destroy();
  }

  async #ask({ agent, ms }) {
    const id = randomUUID();
    const isPost = this.#random() < 0.5;
    const method = isPost ? 'POST' : 'GET';
    const body = Buffer.alloc(isPost ? 1 + Math.floor(this.#random() ** 4 * MOST_BODY_BYTES) : 0, id);
    const right = `${id} ${createHash('sha1').update(body).digest('hex')}`;
    this.requests += 1;
    if (isPost) this.posts += 1;
    const startedAt = performance.now();
    const headers = { Host: this.#host, 'X-Request-ID': id };
    const what = await answerTo(`${this.#url}/?id=${id}&ms=${ms}`, { method, agent, headers, body }).then(
      ({ status, text, what }) => {
        if (status !== 200) return `status ${status}`;
        this.answered.set(what, (this.answered.get(what) ?? 0) + 1);
        return text === right || 'a wrong answer';
      },
      (error) => error.code ?? error.message,
    );
    if (what !== true) this.failures.push({ id, method, startedAt, endedAt: performance.now(), what });
  }
}

function answerTo(url, { method, agent, headers, body }) {
  return new Promise((resolve, reject) => {
    const length = body.length > 0 && { 'Content-Length': body.length };
    const asking = request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (chunk) => {
        text += chunk;
      });
      const { 'x-code': code, 'x-config': config } = response.headers;
      const what = `${code};${config}`;
      response.once('end', () => resolve({ status: response.statusCode, text, what }));
      response.once('error', reject);
    });
    asking.setTimeout(PATIENCE_MS, () => asking.destroy(new Error('no answer')));
    asking.once('error', reject);
    asking.end(body);
  });
}
