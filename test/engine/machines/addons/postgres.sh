#!/usr/bin/env bash
# Makes a database in an empty volume, then runs the server, as the entrypoint of the official image does.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown -R postgres "$PGDATA"
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username "$POSTGRES_USER" --pwfile <(printf %s "$POSTGRES_PASSWORD") "$PGDATA"
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl --options="-c listen_addresses=''" --wait start
  createdb --username "$POSTGRES_USER" --host /var/run/postgresql "$POSTGRES_DB"
  pg_ctl --mode=fast --wait stop
fi
exec "$@" -c listen_addresses='*'
