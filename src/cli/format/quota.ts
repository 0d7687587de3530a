import type { QuotaView } from '../../apps/views.js';

/**
 * The lines about dyno hours that `ps` shows for an eco app.
 * https://github.com/heroku/cli/blob/main/src/commands/ps/index.ts
 */
export function formatQuota({ quotaMs, usedMs, allUsedMs }: QuotaView): readonly string[] {
  const quota = Math.round(quotaMs / 1000);
  const used = Math.round(usedMs / 1000);
  const left = Math.max(0, quota - Math.round(allUsedMs / 1000));
  return [
    `Eco dyno hours quota remaining this month: ${hoursAndMinutes(left)} (${percent(left, quota)}%)`,
    `Eco dyno usage for this app: ${hoursAndMinutes(used)} (${percent(used, quota)}%)`,
    'For more information on Eco dyno hours, see:',
    'https://devcenter.heroku.com/articles/eco-dyno-hours',
    '',
  ];
}

function hoursAndMinutes(seconds: number): string {
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part * 100) / whole);
}
