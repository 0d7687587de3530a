/**
 * @param {readonly object[]} rows the first one is the head; all have its keys
 * @returns {string}
 */
export function formatTable(rows) {
  const keys = Object.keys(rows[0]);
  const cells = rows.map((row) => keys.map((key) => row[key].toLocaleString('en')));
  const widths = keys.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))))
    .map((row) => row.join('  '))
    .join('\n');
}

/** How often each was done: `push 12, rollback 5`. */
export function formatCounts(counts) {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
