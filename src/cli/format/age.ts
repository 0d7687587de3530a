const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Beyond this age Heroku's CLI shows the date alone. https://github.com/heroku/cli/blob/main/src/lib/time.ts */
const OLD = 25 * HOUR;

/** A time and how long ago it was, as Heroku's CLI prints it: `2019/03/02 17:45:04 -0800 (~ 4m ago)`. */
export function formatAgo(since: number, now: number): string {
  const age = formatAge(since, now);
  return age === '' ? formatTime(since) : `${formatTime(since)} (~ ${age} ago)`;
}

/** How long ago something was: `12s`, `4m`, `3h`; empty for older times. */
export function formatAge(since: number, now: number): string {
  // A clock that is set back must not give a negative age.
  const age = Math.max(0, now - since);
  if (age < MINUTE) return `${Math.floor(age / SECOND)}s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)}m`;
  return age < OLD ? `${Math.floor(age / HOUR)}h` : '';
}

/** Local time with its offset: `2019/03/02 17:45:04 -0800`. */
export function formatTime(at: number): string {
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('/');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  const zone = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map(twoDigits).join('');
  return `${day} ${time} ${offset < 0 ? '-' : '+'}${zone}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
