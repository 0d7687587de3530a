// The results: a table in PostgreSQL.
const { Pool } = require('pg');

// As for Redis: Heroku's certificate is self-signed.
const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  ssl: { rejectUnauthorized: false },
  max: 4,
});

module.exports = { pool };
