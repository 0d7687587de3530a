// A worker: no port, no requests, just work.
let jobs = 0;
setInterval(() => console.log(`Job ${++jobs} done`), 5000);
console.log('Waiting for jobs');
