import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refuseFolder } from '../../../../src/cli/start/options.js';
import { makeFolder } from '../../../helpers/folder.js';

it('takes a folder in place of a process type for one that --dir is to name', () => {
  const folder = join(makeFolder({ 'backend/Procfile': '' }), 'backend');
  expect(() => refuseFolder(['web', folder])).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_TYPE',
      message: `"${folder}" is a folder, not a process type`,
      hint: `Did you mean --dir ${folder}?`,
    }),
  );
  expect(() => refuseFolder(['web', join(folder, 'Procfile'), join(folder, 'Procfile/web')])).not.toThrow();
});
