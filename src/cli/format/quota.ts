import type { QuotaView } from '../../apps/sleep/views.js';

/**
 * The line about dyno hours that ends `ps` for an eco app. Heroku's CLI has four lines before the dynos:
 * https://github.com/heroku/cli/blob/main/src/commands/ps/index.ts
 */
export function formatQuota({ quotaMs, usedMs, allUsedMs }: QuotaView): string {
  const quota = Math.round(quotaMs / 1000);
  const used = Math.round(usedMs / 1000);
  const left = Math.max(0, quota - Math.round(allUsedMs / 1000));
  return `Eco dyno hours: ${hoursAndMinutes(left)} left this month (${percent(left, quota)}%), ${hoursAndMinutes(used)} used by this app`;
}

function hoursAndMinutes(seconds: number): string {
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part * 100) / whole);
}
