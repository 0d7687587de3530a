import { request } from 'node:http';

/** Asks the router for an app by its host name. */
export function ask(port: number, host: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asking = request({ port, host: '127.0.0.1', headers: { Host: host } }, async (response) => {
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += chunk;
      resolve({ status: response.statusCode, body });
    });
    asking.once('error', reject).end();
  });
}
