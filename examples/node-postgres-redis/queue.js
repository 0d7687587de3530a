// The queue: a list in Redis.
const Redis = require('ioredis');

// Heroku's certificate is self-signed, and so is dynosim's: a client that verifies it cannot connect to either.
function connect() {
  if (!process.env.REDIS_URL) throw new Error('REDIS_URL is not set');
  return new Redis(process.env.REDIS_URL, { tls: { rejectUnauthorized: false } });
}

module.exports = { connect, JOBS: 'jobs' };
