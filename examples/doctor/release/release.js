// Fails, so that Heroku does not activate the release.
console.error('Cannot migrate: there is no database');
process.exit(1);
