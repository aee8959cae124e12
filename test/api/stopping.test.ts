import { expect, test, vi } from 'vitest';
import { Lanes } from '../../backend/src/journal/lanes.js';
import { KeyFile } from '../../backend/src/subscribers/key-file.js';
import { startApp } from '../support/app.js';

test('the key file is closed once, after the last lane has stopped', async () => {
  const running = await startApp();
  const lanes = running.app.get(Lanes, { strict: false });
  const keys = running.app.get(KeyFile, { strict: false });
  const close = keys.close.bind(keys);
  const seen: string[] = [];
  vi.spyOn(keys, 'close').mockImplementation(() => {
    for (const [name, { state }] of Object.entries(lanes.report().lanes)) seen.push(`${name} ${state}`);
    close();
  });
  expect(Object.values(lanes.report().lanes).map(({ state }) => state)).not.toContain('stopped');
  await running.stop();
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).toEqual(Object.keys(lanes.report().lanes).map((name) => `${name} stopped`));
});
