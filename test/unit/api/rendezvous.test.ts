import { Duplex, PassThrough } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { Attachments } from '../../../src/api/attach/attachments.js';
import { Rendezvous, serveRendezvous } from '../../../src/api/attach/rendezvous.js';
import type { Session } from '../../../src/apps/control.js';
import { ManualClock, settle } from '../../helpers/manual-clock.js';

/** A client of a dyno that has just ended, which may or may not have a terminal. */
function setup(hasTerminal: boolean) {
  const clock = new ManualClock();
  const socket = new Duplex({ read() {}, write: (_data, _encoding, done) => done() });
  const dialect = new Rendezvous(socket as TLSSocket, clock, hasTerminal);
  const input = new PassThrough().resume();
  dialect.takeInput({ input } as unknown as Session);
  let isOver = false;
  const end = (): void =>
    void dialect.untilOver().then(() => {
      isOver = true;
    });
  const send = async (text: string): Promise<void> => {
    socket.push(text);
    await settle();
  };
  return { clock, socket, end, send, isOver: () => isOver };
}

test('a client may say that its stdin is over after its dyno has ended', async () => {
  const { clock, end, send, isOver } = setup(false);
  await send('some');
  end();
  await clock.advance(999);
  expect(isOver()).toBe(false);
  await send('\x04');
  expect(isOver()).toBe(true);
});

test('a client that has sent the end is not waited for', async () => {
  const { end, send, isOver } = setup(false);
  await send('\x04');
  end();
  await settle();
  expect(isOver()).toBe(true);
});

test.each([
  ['a pipe', false, 1000],
  ['a terminal', true, 100],
])('a silent client with %s is waited for briefly', async (_name, hasTerminal, ms) => {
  const { clock, end, isOver } = setup(hasTerminal);
  end();
  await clock.advance(ms - 1);
  expect(isOver()).toBe(false);
  await clock.advance(1);
  expect(isOver()).toBe(true);
});

test('a client that has typed something at a terminal is not waited for', async () => {
  const { end, send, isOver } = setup(true);
  await send('exit\r');
  end();
  await settle();
  expect(isOver()).toBe(true);
});

test('a client that is gone is not waited for', async () => {
  const { socket, end, isOver } = setup(false);
  end();
  socket.destroy();
  await settle();
  expect(isOver()).toBe(true);
});

test('a client that does not finish its line is let go after 30 seconds', async () => {
  const clock = new ManualClock();
  const socket = new Duplex({ read() {}, write: (_data, _encoding, done) => done() });
  void serveRendezvous(socket as TLSSocket, new Attachments(clock), clock);
  socket.push('an id without an end');
  await clock.advance(29_999);
  expect(socket.destroyed).toBe(false);
  await clock.advance(1);
  expect(socket.destroyed).toBe(true);
});
