// Runs before a release goes live. It can run twice: what is done stays done.
console.log('Nothing to migrate');
