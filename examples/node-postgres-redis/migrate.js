// Makes the table, before a release goes live. Without a database there is nothing to do yet.
const { pool } = require('./database');

async function migrate() {
  if (!process.env.DATABASE_URL) return console.log('No DATABASE_URL yet');
  await pool.query('create table if not exists results (id serial primary key, word text, reversed text)');
  await pool.end();
  console.log('The table is there');
}

migrate().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
