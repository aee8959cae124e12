import { TargetList, TargetWithSecret } from '@secateur/backend/contract';
import { expect } from 'vitest';
import { Pace } from '../../backend/src/targets/pace.js';
import type { RunningApp } from './app.js';
import type { Calls } from './calls.js';

/** Asks again and again until the answer is as expected: soon, on a machine that does nothing else. */
export const soon = <Value>(ask: () => Value | Promise<Value>) =>
  expect.poll(ask, { timeout: 20_000, interval: 20 });

/** A service that dispatches, and may call this machine. */
export const dispatching = { SECATEUR_JOBS: 'on', SECATEUR_PRIVATE_TARGETS: '127.0.0.1' };

/** Waits of milliseconds where the service has seconds. */
export function hurry(app: RunningApp, changes: Partial<Pace> = {}): void {
  Object.assign(app.app.get(Pace, { strict: false }), { firstWait: 20, mostWait: 200, flush: 20 }, changes);
}

export async function makeTarget(call: Calls, definition: object): Promise<TargetWithSecret> {
  const { status, body } = await call.post('/v1/targets', definition);
  expect({ status, body }).toMatchObject({ status: 201 });
  return TargetWithSecret.parse(body);
}

export async function listTargets(call: Calls): Promise<TargetList['targets']> {
  const { status, body } = await call.get('/v1/targets');
  expect(status).toBe(200);
  return TargetList.parse(body).targets;
}

export async function targetOf(call: Calls, id: string): Promise<TargetList['targets'][number]> {
  const found = (await listTargets(call)).find((target) => target.id === id);
  if (found === undefined) throw new Error('the target is not listed');
  return found;
}

/** Ends a target, so that it takes no part in the tests after. */
export async function removeTarget(call: Calls, id: string): Promise<void> {
  expect(await call.send('DELETE', `/v1/targets/${id}`)).toMatchObject({ status: 200 });
}
