# Debian, because the embedded engine needs glibc.
FROM node:20.20-bookworm-slim AS build
WORKDIR /app
# Manifests first: the installation is built again only when they change.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY scripts ./scripts
COPY backend/package.json backend/
COPY frontend/package.json frontend/
COPY models/package.json models/
COPY sql/package.json sql/
COPY test/package.json test/
ENV CI=true
RUN npx -y pnpm@12 install --frozen-lockfile
COPY . .
RUN npx -y pnpm@12 build \
  # Once more without what only building and testing need.
  && rm -rf node_modules ./*/node_modules \
  && npx -y pnpm@12 install --prod --frozen-lockfile --offline --filter '@secateur/backend...'

FROM node:20.20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 SECATEUR_DATA=/data UV_THREADPOOL_SIZE=16
WORKDIR /app
COPY --from=build /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The supervisor prints the first start's link and key, and ends what a native crash of the engine leaves hanging.
CMD ["node", "scripts/start.mjs", "--no-build"]
