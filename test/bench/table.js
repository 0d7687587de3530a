import { cpus, loadavg, totalmem } from 'node:os';
import { median } from './numbers.js';

/**
 * A row of the final table.
 * @typedef {object} Row
 * @property {string} measure
 * @property {string} dynosim
 * @property {string} peer
 * @property {string} ratio dynosim to peer
 * @property {string} target
 * @property {boolean | undefined} isOk undefined where nothing is asked for, or nothing could be compared
 */

/**
 * Compares two series of measurements by their medians, unless the ratio is known better.
 * @param {{ measure: string, unit: string, dynosim: number[], peer?: number[], peerName: string, ratio?: number }} what
 * @param {{ atMost?: number, atLeast?: number }} target of the ratio
 * @returns {Row}
 */
export function compare({ measure, unit, dynosim, peer, peerName, ...known }, { atMost, atLeast }) {
  const show = (values) => {
    const best = atMost === undefined ? Math.max(...values) : Math.min(...values);
    return `${number(median(values), { unit })}${values.length > 1 ? ` (best ${number(best, {})})` : ''}`;
  };
  const ratio = known.ratio ?? (peer && median(dynosim) / median(peer));
  return {
    measure,
    dynosim: show(dynosim),
    peer: peer ? `${peerName} ${show(peer)}` : `${peerName} missing`,
    ratio: ratio?.toFixed(2) ?? '',
    target: atMost === undefined ? (atLeast === undefined ? '' : `≥ ${atLeast}`) : `≤ ${atMost}`,
    isOk: isWithin(ratio, { atMost, atLeast }),
  };
}

/**
 * A value with a limit of its own; the peer's is only told.
 * @returns {Row}
 */
export function limit({ measure, value, peer, ...format }, below) {
  return {
    measure,
    dynosim: number(value, format),
    peer: peer ? `${peer.name} ${number(peer.value, format)}` : '',
    ratio: '',
    target: below === undefined ? '' : `< ${number(below, { unit: format.unit, digits: below % 1 ? 1 : 0 })}`,
    isOk: below === undefined ? undefined : value < below,
  };
}

function isWithin(ratio, { atMost, atLeast }) {
  if (ratio === undefined || (atMost === undefined && atLeast === undefined)) return undefined;
  return atMost === undefined ? ratio >= atLeast : ratio <= atMost;
}

function number(value, { unit, digits = 0 }) {
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit ? `${text} ${unit}` : text;
}

/** @param {readonly Row[]} rows */
export function formatTable(rows) {
  const head = ['measure', 'dynosim', 'peer', 'ratio', 'target', ''];
  const cells = rows.map(({ measure, dynosim, peer, ratio, target, isOk }) => {
    return [measure, dynosim, peer, ratio, target, isOk === undefined ? '-' : isOk ? 'ok' : 'MISS'];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** What this runs on; the load tells whether to believe the numbers. */
export function describeMachine() {
  const [first, ...others] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return [
    `${first?.model.trim()}, ${others.length + 1} cores, ${memory} GB, Node ${process.versions.node}`,
    `load average at the start ${loadavg()
      .map((load) => load.toFixed(2))
      .join(' ')}`,
  ].join('; ');
}
