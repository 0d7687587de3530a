// Nothing is wrong here: what the platform does to an app, this one survives.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';

/** A session is in its cookie, so that every dyno knows it. */
const sign = (text) =>
  `${text}.${createHmac('sha256', process.env.SESSION_SECRET ?? 'dev')
    .update(text)
    .digest('hex')}`;

const server = createServer((request, response) => {
  const isKnown = request.headers.cookie?.includes(sign('visitor'));
  if (!isKnown) response.setHeader('Set-Cookie', `session=${sign('visitor')}; HttpOnly`);
  response.setHeader('Content-Type', 'text/plain');
  // A slow page, which is finished even if the dyno is told to stop meanwhile.
  setTimeout(() => response.end('Hello\n'), request.url === '/slow' ? 600 : 0);
});
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
