// Never listens: it waits for a service that is not there.
console.log('Waiting for the database');
setInterval(() => {}, 1000);
