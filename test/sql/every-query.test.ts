import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readQueries } from '@secateur/sql';
import { expect, test } from 'vitest';

const fileOf = (name: string): string => fileURLToPath(new URL(`./${name}.test.ts`, import.meta.url));
const names = [...readQueries().keys()];

test.each(names)('%s has a test of its name that asks it', (name) => {
  expect(existsSync(fileOf(name)), `test/sql/${name}.test.ts is missing`).toBe(true);
  expect(readFileSync(fileOf(name), 'utf8')).toContain(`'${name}'`);
});

test('no test asks a query that is gone', () => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const tests = readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(`${here}${name}`).map((file) => `${name}/${file}`))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.test.ts'.length));
  expect(tests.filter((name) => !names.includes(name))).toEqual([]);
});
