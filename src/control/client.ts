import { ApiError } from './errors.js';

/** How long to wait for an answer of a dynosim that may hang; it answers within milliseconds otherwise. */
const PATIENCE_MS = 5000;

/** Talks to the control API of a running dynosim. */
export class ControlClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /**
   * @throws ApiError what the API refused
   * @throws TypeError nobody answers there (Node's `fetch failed`)
   */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    throw asApiError(response.status, answer);
  }
}

function asApiError(status: number, answer: unknown): ApiError {
  const { id, message } = (answer ?? {}) as { id?: unknown; message?: unknown };
  return new ApiError(status, String(id), String(message));
}
