// Prints which tests vitest's JSON reports list as skipped, as passed only when run again, and as failed, and as the closing
// line of CI their counts: "N passed, N failed, N skipped".
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const counts = reports.map(count);
const sum = (key) => counts.reduce((total, one) => total + one[key], 0);
const skipped = sum('skipped');
for (const name of reports.flatMap(skippedTests)) console.log(`Skipped: ${name}`);
for (const flaky of reports.flatMap(flakyTests)) console.log(`Passed only when run again: ${flaky}`);
for (const failure of reports.flatMap(failures)) console.log(`Failed: ${failure}`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);

function count({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  return {
    passed: numPassedTests,
    failed: numFailedTests + testResults.filter(isBroken).length,
    skipped: numPendingTests + numTodoTests,
  };
}

/** Whether a file could not even be loaded, so that it has no tests to fail. */
function isBroken({ status, assertionResults }) {
  return status === 'failed' && assertionResults.length === 0;
}

function skippedTests({ testResults }) {
  return testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
      .map((test) => named(file, test)),
  );
}

function failures({ testResults }) {
  return testResults.flatMap((file) =>
    isBroken(file)
      ? [`${pathOf(file)}\n${file.message}`]
      : file.assertionResults
          .filter(({ status }) => status === 'failed')
          .map((test) => withMessages(file, test)),
  );
}

/** Those that failed once, with what failed: they depend on the machine's load, and are to be mended. */
function flakyTests({ testResults }) {
  return testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map((test) => withMessages(file, test)),
  );
}

function withMessages(file, test) {
  return [named(file, test), ...test.failureMessages].join('\n');
}

function named(file, { fullName }) {
  return `${pathOf(file)} > ${fullName}`;
}

function pathOf({ name }) {
  return relative(process.cwd(), name);
}
