import type { Readable } from 'node:stream';
import { appRoute, json, ok, type Route } from '../route.js';

/** Where clients leave archives of source code, to be built. */
export interface SourceStore {
  /** Makes room for an archive, for an hour; returns its ID, which is secret. */
  create(): string;
  /**
   * Takes an archive.
   * @throws UserError `NO_SUCH_SOURCE`, `ARCHIVE_TOO_LARGE`, `UPLOAD_FAILED`
   */
  write(id: string, body: Readable): Promise<void>;
  /** @throws UserError `NO_SUCH_SOURCE` */
  read(id: string): Promise<Readable>;
}

/** https://devcenter.heroku.com/articles/platform-api-reference#source */
function createSource(sources: SourceStore, origin: string) {
  const url = `${origin}/sources/${sources.create()}`;
  return ok({ source_blob: { get_url: url, put_url: url } }, 201);
}

export function createSourceRoutes(sources: SourceStore): readonly Route[] {
  return [
    json('POST', '/sources', ({ origin }) => createSource(sources, origin)),
    appRoute('POST', '/sources', ({ origin }) => createSource(sources, origin)),
    {
      method: 'PUT',
      path: '/sources/:source',
      access: 'secret path',
      async exchange({ params }, request, response) {
        await sources.write(params.source ?? '', request);
        response.writeHead(200, { 'Content-Length': 0 }).end();
      },
    },
    {
      method: 'GET',
      path: '/sources/:source',
      access: 'secret path',
      raw: async ({ params }) => ({
        status: 200,
        headers: { 'Content-Type': 'application/octet-stream' },
        stream: await sources.read(params.source ?? ''),
      }),
    },
  ];
}
