// POST /?word=… puts a job into the queue, GET / shows what the worker has done.
const { createServer } = require('node:http');
const { pool } = require('./database');
const { connect, JOBS } = require('./queue');

const redis = connect();

const server = createServer(async (request, response) => {
  try {
    if (request.method === 'POST') {
      const word = new URL(request.url, 'http://localhost').searchParams.get('word') ?? '';
      await redis.lpush(JOBS, word);
      response.writeHead(202).end(`Queued ${word}\n`);
    } else {
      const { rows } = await pool.query('select word, reversed from results order by id');
      response.end(rows.map(({ word, reversed }) => `${word} ${reversed}\n`).join(''));
    }
  } catch (error) {
    console.error(error.message);
    response.writeHead(500).end();
  }
});

server.listen(process.env.PORT, () => console.log('Listening'));
process.on('SIGTERM', () => server.close(() => process.exit()));
