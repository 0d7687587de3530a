import { expect, test } from 'vitest';
import { placesOf } from '../../../../src/cli/export/places.js';

test.each([
  ['/apps/shop/deploy/compose', { context: '../..', out: 'deploy/compose' }],
  ['/apps/out', { context: '../shop', out: '../out' }],
  ['/apps', { context: 'shop', out: '..' }],
])('the app and %s are seen from each other', (out, places) => {
  expect(placesOf('/apps/shop', out)).toEqual(places);
});

test("the app's own folder takes no export", () => {
  expect(() => placesOf('/apps/shop', '/apps/shop/')).toThrow(/\/apps\/shop, which is the app's own folder/);
});
