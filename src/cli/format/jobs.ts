import type { JobView } from '../../addons/control.js';
import { formatTable } from './table.js';

/** The jobs of Heroku Scheduler as a table. */
export function formatJobs(jobs: readonly JobView[], width?: number): readonly string[] {
  const rows = jobs.map((job) => [job.id, job.command, frequency(job), dateOf(job.nextAt)]);
  return formatTable({ header: ['ID', 'Job', 'Frequency', 'Next due'], rows, flexible: 'Job' }, width);
}

/** In the words of Heroku's page. */
function frequency({ every, at }: JobView): string {
  if (every === '10m') return 'Every 10 minutes';
  return every === 'hourly' ? `Hourly at :${at}` : `Daily at ${at} UTC`;
}

function dateOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
