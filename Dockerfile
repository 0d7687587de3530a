# Runs the app that is mounted at /app:
#   docker build -t dynosim . && docker run --rm -it -p 5006:5006 -v "$PWD/my-app:/app" dynosim
# BASE is any Debian-like image with Node 20.19 or later.
ARG BASE=node:22-slim

FROM ${BASE} AS build
# Where to install from, if not from npm's public registry.
ARG NPM_CONFIG_REGISTRY
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# The build comes once the sources are there.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
# What the command line loads. Of its dependencies the bundle leaves out WebAssembly and native code only.
RUN mkdir /out && cp --recursive --parents --target-directory=/out \
  LICENSE package.json bin dist/cli src/dynos/contain/guard node_modules/undici node_modules/@lydell

FROM ${BASE}
# tini passes signals on, and reaps what is orphaned. ps is for tree-kill, where the guard cannot run.
RUN apt-get update \
  && apt-get install -y --no-install-recommends tini procps \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
  && ln -s /opt/dynosim/bin/dynosim.js /usr/local/bin/dynosim
COPY --from=build /out /opt/dynosim
# Any user but root; one that can read the files in /app: docker run --user "$(id -u)".
USER 1000
# What dynosim remembers goes here, never to /app: every user can write it, and a tmpfs will do.
ENV HOME=/tmp
WORKDIR /app
EXPOSE 5006
ENTRYPOINT ["tini", "--", "dynosim"]
# The port is named, as PORT in the app's .env would move it.
CMD ["start", "--host", "0.0.0.0", "--port", "5006"]
