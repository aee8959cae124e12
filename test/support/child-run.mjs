// node --conditions=source child-run.mjs <entry.ts>
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

register('./child-loader.mjs', import.meta.url);
await import(pathToFileURL(process.argv[2] ?? '').href);
