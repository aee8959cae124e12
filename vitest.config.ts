import { defineConfig } from 'vitest/config';

// Each statement of the embedded engine holds a libuv thread; with the default of 4 an fsync waits for queries.
process.env.UV_THREADPOOL_SIZE ??= '16';

process.env.SECATEUR_SEED ??= String(Date.now() % 2 ** 31);

// Tests run on the TypeScript sources of every package: the export condition `source` resolves to src/.
const conditions = ['source', 'module', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // A data directory belongs to one process, and a second engine in a worker thread crashes: one process a file.
    pool: 'forks',
    setupFiles: ['./test/support/seed.ts'],
    globalSetup: ['./test/support/print-seed.ts', './test/support/migrated-folder.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['{sql,models,backend,frontend}/src/**/*.test.{ts,tsx}'] },
      },
      { extends: true, test: { name: 'sql', include: ['test/sql/**/*.test.ts'] } },
      // A small slice; `pnpm simulate` makes it whole.
      { extends: true, test: { name: 'simulator', include: ['test/simulator/**/*.test.ts'] } },
      { extends: true, test: { name: 'api', include: ['test/api/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['./test/support/unpack-browser.ts'],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: 'faults', include: ['test/faults/**/*.test.ts'], testTimeout: 300_000 },
      },
      // `pnpm payloads <folder>` alone: the payloads are not the project's own.
      ...(process.env.SECATEUR_PAYLOADS === undefined
        ? []
        : [{ extends: true as const, test: { name: 'payloads', include: ['test/payloads/**/*.test.ts'] } }]),
      // `pnpm survival <file>` alone: the reference values are not the project's own.
      ...(process.env.SECATEUR_SURVIVAL === undefined
        ? []
        : [{ extends: true as const, test: { name: 'survival', include: ['test/survival/**/*.test.ts'] } }]),
      // `pnpm references <file>` alone, likewise.
      ...(process.env.SECATEUR_REFERENCES === undefined
        ? []
        : [
            {
              extends: true as const,
              test: { name: 'references', include: ['test/references/**/*.test.ts'] },
            },
          ]),
    ],
  },
});
