# Runs the app that is mounted at /app:
#   docker build -t dynosim . && docker run --rm -it -p 5006:5006 -v "$PWD/my-app:/app" dynosim
# BASE is any Debian-like image with Node 20.19 or later.
ARG BASE=node:22-slim

FROM ${BASE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm pack --pack-destination /tmp

FROM ${BASE}
# tini reaps what is orphaned, and passes signals on. ps is for tree-kill, where the guard cannot work.
RUN apt-get update \
  && apt-get install -y --no-install-recommends tini procps \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /tmp/dynosim-*.tgz /tmp/
RUN npm install --global --omit=dev /tmp/dynosim-*.tgz && rm -rf /tmp/dynosim-*.tgz /root/.npm
# Any user but root; one that owns the files in /app is best: docker run --user "$(id -u)".
USER 1000
ENV HOME=/tmp
WORKDIR /app
EXPOSE 5006
ENTRYPOINT ["tini", "--", "dynosim"]
CMD ["start", "--host", "0.0.0.0"]
