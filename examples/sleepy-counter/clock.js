// A schedule in a process: while the app sleeps there is no process, so nothing is done, and nothing is made up for.
let jobs = 0;
const work = () => console.log(`Job ${++jobs} of this process`);
setInterval(work, 10_000);
work();
