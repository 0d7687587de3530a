/** How the page writes times, durations and amounts. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const SHORT_TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** `12:40:31`, in the reader's time zone. */
export function clockTime(at: number): string {
  return TIME.format(at);
}

/** `12:40:31.123` */
export function preciseTime(at: number): string {
  return `${TIME.format(at)}.${String(Math.floor(at) % 1000).padStart(3, '0')}`;
}

/** `12:40` */
export function shortTime(at: number): string {
  return SHORT_TIME.format(at);
}

/** `12:40` today, else with the date: `28 Nov 12:40`. */
export function dayTime(at: number, now: number, time = shortTime): string {
  const isToday = DATE.format(at) === DATE.format(now) && Math.abs(now - at) < DAY;
  return isToday ? time(at) : `${DATE.format(at)} ${time(at)}`;
}

/** How long a request took: `0.4 ms`, `12 ms`, `1.25 s`, `31.0 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1 && ms > 0) return `${Math.max(ms, 0.1).toFixed(1)} ms`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(2)} s`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  return span(ms);
}

/** On an axis: `1 ms`, `10 s`. */
export function tickDuration(ms: number): string {
  return ms < SECOND ? `${ms} ms` : `${ms / SECOND} s`;
}

/** A longer time in its two largest units: `12 s`, `4 min 10 s`, `2 h 5 min`, `3 d 2 h`. */
export function span(ms: number): string {
  const seconds = Math.floor(ms / SECOND);
  if (seconds < 60) return `${seconds} s`;
  const units = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [SECOND, 's'],
  ] as const;
  const first = units.findIndex(([size]) => ms >= size);
  let left = ms;
  const parts: string[] = [];
  for (const [size, name] of units.slice(first, first + 2)) {
    const amount = Math.floor(left / size);
    left -= amount * size;
    if (amount > 0) parts.push(`${amount} ${name}`);
  }
  return parts.join(' ');
}

/** `5 min ago`, in the largest unit. */
export function ago(ms: number): string {
  return ms < MINUTE ? 'just now' : `${span(ms).split(' ').slice(0, 2).join(' ')} ago`;
}

/** Time left: `24:31`, `1:02:31`. */
export function countdown(ms: number): string {
  // What was sent a moment ago still counts as full: 30:00, not 30:01.
  const seconds = Math.max(0, Math.ceil(ms / SECOND - 0.1));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** Dyno hours: `41.2 h`, `0.02 h`. */
export function hours(amount: number): string {
  return `${amount.toFixed(amount < 1 && amount > 0 ? 2 : amount < 100 ? 1 : 0)} h`;
}

/** `512 B`, `3.4 kB`, `61 MB`. Like Heroku's, an MB has 1024 × 1024 bytes. */
export function bytes(amount: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = amount;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 10 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** `1,204` */
export function count(amount: number): string {
  return amount.toLocaleString('en-US');
}

/** `1 request`, `2 requests`. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}
