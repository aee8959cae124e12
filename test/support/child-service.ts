// The service in a process of its own, to be killed. The parent reads the engine through it: a data directory belongs
// to one process.
import { createApp, openDatabase, readConfig } from '@secateur/backend/app';
import { serveParent } from './child-parent.js';

// A machine whose clock was set back while the service was down.
const behind = Number(process.env.FAULTS_CLOCK_BEHIND_MS ?? 0);
const now = Date.now;
Date.now = () => now() - behind;

const config = readConfig();
const engine = await openDatabase(config);
// Settings that an earlier statement left behind on the connection that writes (STYLE.md, traps).
for (const statement of JSON.parse(process.env.FAULTS_LEAKED ?? '[]') as string[])
  await engine.command(statement);
const app = await createApp(config, { engine });
await app.listen(0, '127.0.0.1');

serveParent(
  {
    rows: (sql: string) => engine.rows('asked by a test', sql, {}, { maxExecutionSeconds: 120 }),
    command: (sql: string) => engine.command(sql),
    stop: async () => {
      await app.close();
      await engine.close();
    },
  },
  { port: (app.getHttpServer().address() as { port: number }).port },
);
