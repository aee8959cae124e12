import { expect, test } from 'vitest';
import { MembershipGate } from './membership-gate.js';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const ada = new Set(['ada']);

test('a look that began before the lane took a person in hand sees the person as touched', async () => {
  const gate = new MembershipGate();
  await gate.look(async (watch) => {
    expect(watch.isTouched('ada')).toBe(false);
    await gate.decide(ada);
    expect([watch.isTouched('ada'), watch.isTouched('bob')]).toEqual([true, false]);
  });
});

test('a person in hand when the look begins counts as touched until the group is settled', async () => {
  const gate = new MembershipGate();
  const group = await gate.decide(ada);
  expect(await gate.look(async (watch) => watch.isTouched('ada'))).toBe(true);
  gate.settle(group);
  expect(await gate.look(async (watch) => watch.isTouched('ada'))).toBe(false);
});

test('the parts of a group that was divided are in hand until each is settled', async () => {
  const gate = new MembershipGate();
  const groups = [await gate.decide(ada), await gate.decide(new Set(['bob']))];
  gate.settle(groups[1] ?? 0);
  expect(await gate.look(async (watch) => [watch.isTouched('ada'), watch.isTouched('bob')])).toEqual([
    true,
    false,
  ]);
});

test('the lane waits while a look writes, and no longer where writing fails', async () => {
  const gate = new MembershipGate();
  for (const isRefused of [false, true]) {
    const order: string[] = [];
    let end: () => void = () => {};
    const look = gate.look((watch) =>
      watch.write(async () => {
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        order.push('written');
        if (isRefused) throw new Error('refused');
      }),
    );
    await tick();
    const decided = gate.decide(ada).then(() => order.push('decided'));
    await tick();
    expect(order).toEqual([]);
    end();
    await (isRefused ? expect(look).rejects.toThrow('refused') : look);
    await decided;
    expect(order).toEqual(['written', 'decided']);
  }
});

test('one look at a time, also after one that failed', async () => {
  const gate = new MembershipGate();
  const order: string[] = [];
  const first = gate.look(async () => {
    order.push('first begins');
    await tick();
    order.push('first ends');
    throw new Error('broken');
  });
  const second = gate.look(async () => {
    order.push('second');
  });
  await expect(first).rejects.toThrow('broken');
  await second;
  expect(order).toEqual(['first begins', 'first ends', 'second']);
});
