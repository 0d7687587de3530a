/** How many user agents to count. */
const MOST = 100;

/** Names of programs that send requests regularly, without a person waiting. */
const ROBOT =
  /bot\b|bot\/|crawl|spider|slurp|monitor|uptime|health|probe|pingdom|statuscake|newrelic|datadog|check_http|prober|scan/i;

export interface Caller {
  readonly userAgent: string;
  readonly requests: number;
  /** Whether its name is that of a bot, a health check or a monitor. */
  readonly isRobot: boolean;
}

/** Counts an app's requests by user agent, to show which clients keep it awake. */
export class Callers {
  readonly #requests = new Map<string, number>();

  count(userAgent: string): void {
    const before = this.#requests.get(userAgent);
    if (before === undefined && this.#requests.size >= MOST) return;
    this.#requests.set(userAgent, (before ?? 0) + 1);
  }

  clear(): void {
    this.#requests.clear();
  }

  /** Busiest first. */
  list(): readonly Caller[] {
    return [...this.#requests]
      .sort(([, a], [, b]) => b - a)
      .map(([userAgent, requests]) => ({ userAgent, requests, isRobot: ROBOT.test(userAgent) }));
  }
}
