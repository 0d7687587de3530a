import { expect, test } from 'vitest';
import { Gate } from '../../../src/logs/gate.js';

test('a gate reports only changes', () => {
  const gate = new Gate();
  const told: boolean[] = [];
  gate.subscribe((isHeld) => told.push(isHeld));
  gate.release();
  gate.hold();
  gate.hold();
  expect(gate.isHeld).toBe(true);
  gate.release();
  expect(gate.isHeld).toBe(false);
  expect(told).toEqual([true, false]);
});

test('a retired gate lets go and never holds again', () => {
  const gate = new Gate();
  const told: boolean[] = [];
  gate.subscribe((isHeld) => told.push(isHeld));
  gate.hold();
  gate.retire();
  gate.hold();
  expect(gate.isHeld).toBe(false);
  expect(told).toEqual([true, false]);
});
