import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { appModule } from './app.module.js';
import { readConfig } from './config.js';
import { openApi } from './documentation.js';

// Writes docs/openapi.json, or with --check compares it. Nest's preview makes no instances, so no engine starts.
const target = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const app = await NestFactory.create<NestFastifyApplication>(
  appModule(readConfig({})),
  new FastifyAdapter(),
  {
    preview: true,
    logger: false,
  },
);
const text = `${JSON.stringify(openApi(app), null, 2)}\n`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('docs/openapi.json is not what the routes say: run pnpm openapi');
  process.exitCode = 1;
}
