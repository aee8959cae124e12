// Sends every payload of a folder through the real routes and compares what was read with the folder's INDEX.json.
// `pnpm payloads <folder>`
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { longRun } from './long-run.mjs';

const [folder, ...args] = process.argv.slice(2).filter((word) => word !== '--');
if (folder === undefined || !existsSync(join(folder, 'INDEX.json'))) {
  console.error('Name a folder that holds an INDEX.json: pnpm payloads <folder>');
  process.exit(1);
}
const env = { SECATEUR_PAYLOADS: resolve(process.env.INIT_CWD ?? '.', folder) };
process.exit(await longRun(['--project', 'payloads', ...args], { env, figure: 'payloads: ' }));
