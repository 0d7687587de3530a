import type { TransferView } from '../../addons/control.js';
import { formatTable, type Layout } from './table.js';

/** As Heroku names them: `b001`, `r002`. */
export function transferName({ kind, number }: Pick<TransferView, 'kind' | 'number'>): string {
  return `${kind === 'backup' ? 'b' : 'r'}${String(number).padStart(3, '0')}`;
}

/** The sections of `heroku pg:backups`. */
export function formatTransfers(
  transfers: readonly TransferView[],
  { heading, width }: Layout,
): readonly string[] {
  const section = (title: string, kind: TransferView['kind'], time: string, nothing: string) => {
    const rows = transfers.filter((one) => one.kind === kind).map(rowOf);
    const header = ['ID', time, 'Status', 'Size', 'Database'];
    const table = { header, rows, flexible: 'Database', expendable: [time] };
    const body = rows.length === 0 ? [nothing] : formatTable(table, width);
    return [heading(title), '', ...body, ''];
  };
  return [
    ...section('Backups', 'backup', 'Created at', 'No backups. Capture one with dynosim pg:backups:capture'),
    ...section(
      'Restores',
      'restore',
      'Started at',
      'No restores found. Use dynosim pg:backups:restore to restore a backup',
    ),
  ];
}

function rowOf(transfer: TransferView): readonly string[] {
  const { startedAt, bytes, addon } = transfer;
  return [transferName(transfer), timeText(startedAt), statusText(transfer), sizeText(bytes), addon];
}

function statusText({ finishedAt, problem }: TransferView): string {
  if (finishedAt === null) return 'Running';
  return `${problem === null ? 'Completed' : 'Failed'} ${timeText(finishedAt)}`;
}

/** `2026-11-29 12:00:00 +0000` */
function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} +0000`;
}

function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** power).toFixed(2)}${units[power]}`;
}
