# Stands for the official image of PostgreSQL, of which it has what an export uses. https://hub.docker.com/_/postgres
ARG BASE
FROM ${BASE}
RUN usermod --uid 999 postgres && install -d -o postgres -g postgres /var/run/postgresql && \
    ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/
COPY --chmod=755 postgres.sh /usr/local/bin/docker-entrypoint.sh
ENTRYPOINT ["docker-entrypoint.sh"]
STOPSIGNAL SIGINT
CMD ["postgres"]
