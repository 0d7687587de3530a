// A well-behaved app: on SIGTERM, it answers its open requests, and ends.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const { CODE = '', CHAOS = '' } = process.env;

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url, 'http://app');
  const hash = createHash('sha1');
  request.on('data', (chunk) => hash.update(chunk));
  request.on('end', () => {
    // The log shows what has been done, and how often.
    if (request.method === 'POST') console.log(`did ${searchParams.get('id')}`);
    const answer = `${searchParams.get('id')} ${hash.digest('hex')}`;
    // What runs.
    response.setHeader('X-Code', CODE).setHeader('X-Config', CHAOS);
    setTimeout(() => response.end(answer), Number(searchParams.get('ms')));
  });
});
server.listen(process.env.PORT);
process.on('SIGTERM', () => server.close());
