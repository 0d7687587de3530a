/** So many are told apart. */
const MOST = 100;

/** Programs that ask again and again without anybody wanting to see the answer. */
const ROBOT =
  /bot\b|bot\/|crawl|spider|slurp|monitor|uptime|health|probe|pingdom|statuscake|newrelic|datadog|check_http|prober|scan/i;

export interface Caller {
  readonly userAgent: string;
  readonly requests: number;
  /** A bot, a health check, a monitor: by its name. */
  readonly isRobot: boolean;
}

/** Who keeps an app awake: its requests, by user agent. */
export class Callers {
  readonly #requests = new Map<string, number>();

  count(userAgent: string): void {
    const before = this.#requests.get(userAgent);
    if (before === undefined && this.#requests.size >= MOST) return;
    this.#requests.set(userAgent, (before ?? 0) + 1);
  }

  /** The busiest first. */
  list(): readonly Caller[] {
    return [...this.#requests]
      .sort(([, a], [, b]) => b - a)
      .map(([userAgent, requests]) => ({ userAgent, requests, isRobot: ROBOT.test(userAgent) }));
  }
}
