import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Clone } from './clone.js';

const NAME = 'app';
/** The build copies the code so often. */
const PARTS = 9;
/** When nothing is to be seen so often, there is nothing. */
const QUIET_LOOKS = 5;
const LOOK_EVERY_MS = 50;
const FORMATION = [{ type: 'web', quantity: 2, size: 'basic' }];
/** What a client sees of a host that is killed. */
const CUT = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'socket hang up', 'aborted']);

/**
 * What was acknowledged.
 * @typedef {object} Outcome
 * @property {boolean} did false: it was not, but what follows might have come of it nevertheless
 * @property {string} [code] what runs then
 * @property {string} [config] what the config var CHAOS is then
 * @property {boolean} [isSet] whether CHAOS was set, even if no dyno has it yet
 * @property {string} [pushed] the code in the repository's main branch
 * @property {string} [fault] what must not happen
 */

/** What an app answers by which this runs. */
const show = ({ code, config }) =>
  `${Array(PARTS + 1)
    .fill(code)
    .join(' ')};${config}`;

/** Names a code that is whole but once. */
const short = (text) => String(text).replace(new RegExp(`^(\\S+)(?: \\1){${PARTS}}`), '$1');

/** An app of a host, with what was acknowledged of it, and what therefore must run. */
export class PushedApp {
  name = NAME;
  hostName = `${NAME}.localhost`;
  /** Sentences about what was acknowledged, and is lost. */
  faults = [];
  /** The same app in the hands of two people. */
  clones;
  /** What was deployed, by release. */
  releases = new Map();
  victim;
  random;
  #codes = new Set();
  #configs = new Set(['']);
  /** What runs. */
  #now = { code: '', config: '' };
  /** The config var CHAOS, as it is set. */
  #set = '';
  /** The code that was pushed last. */
  #pushed;
  #history = [];
  /** When the host was dead. */
  #deaths = [];

  constructor(victim, random) {
    this.victim = victim;
    this.random = random;
    this.clones = ['clone', 'other'].map((name) => new Clone(join(victim.folder, name), victim.env));
  }

  /** Starts the host, and deploys the app for the first time. */
  async create() {
    const { victim, clones } = this;
    await victim.start(['host', '--port', '0', '--api-port', '0']);
    await victim.ask('POST', '/apps', { name: NAME });
    const url = victim.api.replace('//', `//x:${victim.token}@`);
    for (const clone of clones) await clone.create(`${url}/${NAME}.git`);
    const buildpack = `file://${join(clones[0].dir, 'buildpack')}`;
    await victim.ask('PUT', `/apps/${NAME}/buildpack-installations`, { updates: [{ buildpack }] });
    const code = this.newCode();
    await clones[0].commit(code);
    const { status, text } = await clones[0].push().ended;
    if (status !== 0) throw new Error(`The first push failed:\n${text}`);
    await victim.ask('PATCH', `/apps/${NAME}/formation`, { updates: FORMATION });
    await victim.untilUp();
    this.#now = { code, config: '' };
    this.#pushed = code;
  }

  newCode(kind = 'code') {
    const code = `${kind}-${randomUUID().slice(0, 8)}`;
    this.#codes.add(code);
    return code;
  }

  newConfig() {
    const config = String(this.random());
    this.#configs.add(config);
    return config;
  }

  /** Kills the host, and starts it again: at once, or when the last dyno is gone. */
  async restartHost() {
    const { victim } = this;
    const [port, apiPort] = [victim.url, victim.api].map((url) => new URL(url).port);
    const from = performance.now();
    await victim.kill();
    if (this.random() < 0.3) await pause(this.random() * 2000);
    await victim.start(['host', '--port', port, '--api-port', apiPort]);
    this.#deaths.push({ from, to: performance.now() });
  }

  /**
   * Checks that what runs is what was acknowledged, once nothing is built or started any more.
   * @param {string} act what was done
   * @param {Outcome} outcome
   */
  async after(act, { did, code, config, isSet = did, pushed, fault }, traffic) {
    await this.settled();
    this.#history.push(`${act} (${[did ? 'done' : 'not done', code, config].filter(Boolean).join(' ')})`);
    if (fault !== undefined) this.faults.push(`${act}: ${fault}`);
    const before = this.#now;
    // A deploy takes over what is set, which a `config:set` that was not acknowledged may have changed.
    const news = { code: code ?? before.code, config: config ?? this.#set };
    const isNew = code !== undefined || config !== undefined;
    const runs = await traffic.look();
    const found = (did && isNew ? [news] : [before, news]).find((one) => show(one) === runs);
    this.#now = found ?? { code: runs.split(/[ ;]/)[0], config: runs.split(';')[1] ?? '' };
    await this.#check(`${act}: what runs`, runs, did && isNew ? [show(news)] : [show(before), show(news)]);
    const { CHAOS: set = '' } = await this.victim.ask('GET', `/apps/${NAME}/config-vars`);
    await this.#check(
      `${act}: CHAOS`,
      set,
      isSet && config !== undefined ? [config] : [this.#set, news.config],
    );
    this.#set = set;
    const ref = await this.clones[0].pushed();
    const wasPushed = did && pushed !== undefined;
    await this.#check(`${act}: main`, ref, wasPushed ? [pushed] : [this.#pushed, pushed]);
    this.#pushed = ref;
    const { version } = (await this.#releases()).find(({ current }) => current);
    this.releases.set(version, this.#now);
  }

  async #check(what, is, allowed) {
    if (allowed.includes(is)) return;
    const acts = this.#history.slice(-3).join(', then ');
    this.faults.push(
      `${what} should be ${allowed.map(short).join(' or ')}, but is ${short(is)}, after ${acts}`,
    );
  }

  #releases() {
    return this.victim.ask('GET', `/apps/${NAME}/releases`);
  }

  /** Resolves when nothing is pushed, built, started or stopped. */
  async settled() {
    const { victim } = this;
    // A push that was interrupted may still be on its way to git.
    for (let quiet = 0; quiet < QUIET_LOOKS; quiet += 1) {
      const builds = await victim.ask('GET', `/apps/${NAME}/builds`);
      await victim.settled();
      const isPending = [...builds, ...(await this.#releases())].some(({ status }) => status === 'pending');
      if (isPending || this.gits().length > 0) quiet = 0;
      await pause(LOOK_EVERY_MS);
    }
    await victim.untilUp();
  }

  /** The git processes of the host that receive a push. */
  gits() {
    return this.victim.marked().filter((pid) => {
      const command = commandOf(pid);
      return command.includes('receive-pack') && command.includes('core.hooksPath');
    });
  }

  /** The processes of a build. */
  builders() {
    return this.victim.marked().filter((pid) => commandOf(pid).includes('bin/compile'));
  }

  /** Whether a request failed only because the host was dead. */
  wasCut({ what, startedAt, endedAt }) {
    return CUT.has(what) && this.#deaths.some(({ from, to }) => from <= endedAt && startedAt <= to);
  }

  /** Whether an answer came from a whole build of a code that was deployed. */
  isWhole(answer) {
    const [codes, config] = answer.split(';');
    const [code] = codes.split(' ');
    const isKnown = this.#codes.has(code) && !code.startsWith('broken') && this.#configs.has(config);
    return isKnown && answer === show({ code, config });
  }
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
