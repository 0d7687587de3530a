import { fileURLToPath } from 'node:url';
import { compare } from '../table.js';

const ROUTER = fileURLToPath(new URL('../router.js', import.meta.url));

export const title = 'requests per second through the router';

/** ../router.js measures; here its figures get into the table. */
export async function measure(bench) {
  const child = bench.node([ROUTER, '--peers', bench.peers.folder, '--rounds', '5', '--seconds', '2']);
  const output = await child.output();
  console.error(output);
  const figures = readTable(output);
  const { dynosim } = figures;
  if (!dynosim) return [];
  const row = (peerName, atLeast) => {
    const [own, peer] = [dynosim, figures[peerName]].map(
      (figure) => figure && [Number(figure['requests/s'])],
    );
    // Its ratios are medians of those of single rounds.
    const ratio = peer && Number(dynosim[`× ${peerName}`]);
    return compare(
      { measure: 'router, requests', unit: '/s', dynosim: own, peer, peerName, ratio },
      { atLeast },
    );
  };
  return [row('nginx', 0.45), row('http-proxy-3', 1.5)];
}

/** Columns are two blanks apart, the first one is the name: name => column => text. */
function readTable(output) {
  const [head = '', ...lines] = output.split('\n').filter((line) => / {2,}/.test(line));
  const columns = head.trim().split(/ {2,}/);
  const rows = lines.map((line) => {
    const [name, ...cells] = line.trim().split(/ {2,}/);
    return [name, Object.fromEntries(cells.map((cell, index) => [columns[index], cell]))];
  });
  return Object.fromEntries(rows);
}
