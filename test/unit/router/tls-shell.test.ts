import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ClientConnection } from '../../../src/router/client/connection.js';
import { Deadlines } from '../../../src/router/deadlines.js';
import { ManualClock } from '../../helpers/manual-clock.js';

/** node:http keeps waiting for the headers of a connection that has turned out to be TLS. */
test.each(['ERR_HTTP_REQUEST_TIMEOUT', 'HPE_INVALID_METHOD', 'ECONNRESET'])(
  'what the parser still says of a connection with TLS inside changes nothing: %s',
  (code) => {
    const socket = new Socket();
    const client = new ClientConnection(socket, new Deadlines(new ManualClock()), 60_000);
    client.handOver();
    client.onParseError(Object.assign(new Error(), { code }));
    expect(socket).toMatchObject({ destroyed: false, writableEnded: false, writableLength: 0 });
  },
);
