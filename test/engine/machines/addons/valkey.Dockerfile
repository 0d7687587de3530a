# Stands for the official image of Valkey: Debian's Redis by its names. https://hub.docker.com/r/valkey/valkey
ARG BASE
FROM ${BASE}
RUN usermod --uid 999 redis && groupmod --gid 999 redis && install -d -o redis -g redis /data && \
    ln -s /usr/bin/redis-server /usr/local/bin/valkey-server && ln -s /usr/bin/redis-cli /usr/local/bin/valkey-cli
WORKDIR /data
CMD ["valkey-server"]
