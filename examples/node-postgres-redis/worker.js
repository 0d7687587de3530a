// Takes a job after the other from the queue, and keeps the results.
const { pool } = require('./database');
const { connect, JOBS } = require('./queue');

const redis = connect();
let isStopping = false;

async function work() {
  console.log('Waiting for jobs');
  while (!isStopping) {
    // Waits for at most a second, so that SIGTERM is noticed between two jobs.
    const [, word] = (await redis.brpop(JOBS, 1)) ?? [];
    if (word === undefined) continue;
    const reversed = [...word].reverse().join('');
    await pool.query('insert into results (word, reversed) values ($1, $2)', [word, reversed]);
    console.log(`Reversed ${word}`);
  }
  process.exit();
}

process.on('SIGTERM', () => {
  isStopping = true;
});
work().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
