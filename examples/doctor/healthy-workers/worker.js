// Does its work, if anybody lets it.
const work = setInterval(() => console.log('Worked'), 60_000);
process.on('SIGTERM', () => clearInterval(work));
