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
 * Compares two series of costs, such as times: less is better.
 * @param {Compared} what
 * @param {number} [atMost] target of the ratio
 * @returns {Row}
 */
export function compareCosts(what, atMost) {
  return compare(what, { best: (values) => Math.min(...values), sign: '≤', target: atMost });
}

/**
 * Compares two series of rates: more is better.
 * @param {Compared} what
 * @param {number} [atLeast] target of the ratio
 * @returns {Row}
 */
export function compareRates(what, atLeast) {
  return compare(what, { best: (values) => Math.max(...values), sign: '≥', target: atLeast });
}

/**
 * The ratio is that of the best of each, as whatever else the machine does can only make things slower.
 * @typedef {{ measure: string, unit: string, dynosim: number[], peer?: number[], peerName: string }} Compared
 */
function compare({ measure, unit, dynosim, peer, peerName }, { best, sign, target }) {
  const show = (values) => `${number(best(values), { unit })} (median ${number(median(values), {})})`;
  const ratio = peer && best(dynosim) / best(peer);
  const isOk = sign === '≤' ? ratio <= target : ratio >= target;
  return {
    measure,
    dynosim: show(dynosim),
    peer: peer ? `${peerName} ${show(peer)}` : `${peerName} missing`,
    ratio: ratio?.toFixed(2) ?? '',
    target: target === undefined ? '' : `${sign} ${target}`,
    isOk: ratio === undefined || target === undefined ? undefined : isOk,
  };
}

/**
 * A value with its own limit; the peer's is only shown.
 * @param {{ measure: string, value: number, peer?: { name: string, value: number }, unit?: string, digits?: number }}
 * what
 * @param {number} below
 * @returns {Row}
 */
export function limit({ measure, value, peer, ...format }, below) {
  return {
    measure,
    dynosim: number(value, format),
    peer: peer ? `${peer.name} ${number(peer.value, format)}` : '',
    ratio: '',
    target: `< ${number(below, { unit: format.unit, digits: below % 1 ? 1 : 0 })}`,
    isOk: value < below,
  };
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

/** The machine; its load shows whether the numbers are reliable. */
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
