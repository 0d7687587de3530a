import type { GitServer } from '../git/server.js';
import type { Route } from './route.js';

/** The routes of `https://127.0.0.1:5005/NAME.git`. */
export function createGitRoutes(git: GitServer): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/:app.git/info/refs',
      access: 'password',
      exchange: ({ params: { app = '' }, query }, request, response) =>
        git.advertise({ app, request, response }, query.get('service')),
    },
    {
      method: 'POST',
      path: '/:app.git/git-upload-pack',
      access: 'password',
      exchange: ({ params: { app = '' } }, request, response) => git.upload({ app, request, response }),
    },
    {
      method: 'POST',
      path: '/:app.git/git-receive-pack',
      access: 'password',
      exchange: ({ params: { app = '' } }, request, response) => git.receive({ app, request, response }),
    },
  ];
}
