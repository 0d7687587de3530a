// A clock: does something now and then.
const tick = () => console.log(`It is ${new Date().toISOString()}`);
setInterval(tick, 10_000);
tick();
