import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveFrontend } from './static.js';

let directory: string;
let app: FastifyInstance;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'secateur-frontend-'));
  app = fastify();
  app.get('/v1/streams', () => 'streams');
});
afterEach(async () => {
  await app.close();
  rmSync(directory, { recursive: true, force: true });
});

function build(): void {
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Dashboard</title>');
  writeFileSync(join(directory, 'assets', 'app-1a2b3c.js'), 'let x;');
}

test('gives every address of a page the one page, which is never kept without asking', async () => {
  build();
  await serveFrontend(app, directory);
  for (const url of [
    '/',
    '/monitor',
    '/settings/word-back?target=new',
    '/segments/lapsed-de?from=2026-11-01',
    '/setup?token=x',
    '/unknown',
    '/u2',
    '/monitor?filter=a.b',
    '/index.html',
  ]) {
    const { statusCode, body, headers } = await app.inject(url);
    expect([url, statusCode, body.includes('Dashboard')]).toEqual([url, 200, true]);
    expect(headers['cache-control']).toBe('no-cache');
  }
});

test('lets a file with a hash in its name be kept for a year', async () => {
  build();
  await serveFrontend(app, directory);
  const { headers, body } = await app.inject('/assets/app-1a2b3c.js');
  expect(body).toBe('let x;');
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test('serves a file that a build made after the start', async () => {
  build();
  await serveFrontend(app, directory);
  writeFileSync(join(directory, 'assets', 'late-9f8e7d.js'), 'let y;');
  expect(await app.inject('/assets/late-9f8e7d.js')).toMatchObject({ statusCode: 200, body: 'let y;' });
});

test('is no answer to what the service does not have, or to a file that is not there', async () => {
  build();
  await serveFrontend(app, directory);
  for (const url of [
    '/v1/none',
    '/v1',
    '/u/token',
    '/docs/none',
    '/assets/app-old.js',
    '/favicon.ico',
    '/../package.json',
  ]) {
    expect([url, (await app.inject(url)).statusCode]).toEqual([url, 404]);
  }
  expect((await app.inject('/v1/streams')).body).toBe('streams');
});

test('says what to do when it was not built', async () => {
  await serveFrontend(app, directory);
  const { statusCode, body } = await app.inject('/monitor');
  expect(statusCode).toBe(503);
  expect(body).toContain('pnpm build');
});
