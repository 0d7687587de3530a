import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { inventAccount, scramVerifier } from '../../../../src/addons/postgres/account.js';

test('accounts look like those of Heroku', () => {
  const { user, password, database } = inventAccount();
  expect(user).toMatch(/^u[a-z0-9]{13}$/);
  expect(password).toMatch(/^p[0-9a-f]{64}$/);
  expect(database).toMatch(/^d[a-z0-9]{13}$/);
  expect(inventAccount().password).not.toBe(password);
});

test('PostgreSQL gets a verifier instead of a password', () => {
  // The example of RFC 7677.
  expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});
