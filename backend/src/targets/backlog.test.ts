import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PermissionChange } from '../contract/permissions.js';
import { Backlog, type Notice, noticeOf } from './backlog.js';

function change(seq: number, person: string | null, ...subjects: string[]): PermissionChange {
  return {
    seq: String(seq),
    decision: `decision ${seq}`,
    subscriber: null,
    person,
    type: 'opted_out',
    channel: 'email',
    effective: [],
    streams_stopped: [],
    streams_kept: [],
    statements: subjects.map((subject) => ({
      id: '',
      subject,
      binds: 'identifier',
      selector: '*',
      effect: 'opt_out',
      order_at: '',
      expires_at: null,
    })),
    voids: [],
    occurred_at: '',
    received_at: '',
    decided_at: '',
  };
}

function backlog(...changes: PermissionChange[]): { backlog: Backlog; notices: Notice[] } {
  const notices = changes.map((one) => noticeOf(one));
  const made = new Backlog();
  for (const notice of notices) made.add(notice);
  return { backlog: made, notices };
}

const seqs = (notices: readonly Notice[]): number[] => notices.map(({ seq }) => seq);

describe('who may go', () => {
  test('one notice of each person, the oldest first', () => {
    const { backlog: line } = backlog(change(1, 'ada'), change(2, 'bob'), change(3, 'ada'), change(4, 'cem'));
    expect(seqs(line.ready(0, 10))).toEqual([1, 2, 4]);
    expect(seqs(line.ready(0, 2))).toEqual([1, 2]);
  });

  test('the next of a person when the one before is settled, and not while it is out', () => {
    const { backlog: line, notices } = backlog(change(1, 'ada'), change(2, 'ada'));
    const [first] = notices;
    if (first === undefined) throw new Error('none');
    first.isOut = true;
    expect(line.ready(0, 10)).toEqual([]);
    line.settle(first);
    expect(seqs(line.ready(0, 10))).toEqual([2]);
  });

  test('people who share an address wait for one another', () => {
    const { backlog: line } = backlog(
      change(1, 'ada', 'home'),
      change(2, 'bob', 'home'),
      change(3, null, 'home'),
    );
    expect(seqs(line.ready(0, 10))).toEqual([1]);
  });

  test('about nobody we know: each by itself', () => {
    const { backlog: line } = backlog(change(1, null), change(2, null));
    expect(seqs(line.ready(0, 10))).toEqual([1, 2]);
  });

  test('not before its time, and nobody of the same person before it', () => {
    const { backlog: line, notices } = backlog(change(1, 'ada'), change(2, 'ada'), change(3, 'bob'));
    if (notices[0] !== undefined) notices[0].notBefore = 500;
    expect(seqs(line.ready(499, 10))).toEqual([3]);
    expect(line.nextAt(499)).toBe(500);
    expect(seqs(line.ready(500, 10))).toEqual([1, 3]);
    expect(line.nextAt(500)).toBe(Infinity);
  });
});

test('probes with the notice tried longest ago, among those that may go', () => {
  const { backlog: line, notices } = backlog(
    change(1, 'ada'),
    change(2, 'bob'),
    change(3, 'cem'),
    change(4, 'ada'),
  );
  const [first, second, third] = notices;
  if (first === undefined || second === undefined || third === undefined) throw new Error('none');
  first.lastTriedAt = 30;
  second.lastTriedAt = 10;
  third.lastTriedAt = 20;
  second.notBefore = 100;
  expect(line.probe(50)?.seq).toBe(3);
  expect(line.probe(100)?.seq).toBe(2);
  first.notBefore = 200;
  third.notBefore = 300;
  // Rather too early than not at all.
  expect(line.probe(50)?.seq).toBe(2);
  for (const notice of notices) notice.isOut = true;
  expect(line.probe(500)).toBeUndefined();
});

test('takes a notice once, and knows the lowest that is not settled', () => {
  const { backlog: line, notices } = backlog(change(5, 'ada'), change(7, 'bob'), change(3, 'ada'));
  line.add(noticeOf(change(7, 'bob')));
  expect([line.size, line.lowest()]).toEqual([3, 3]);
  for (const notice of notices) line.settle(notice);
  expect([line.size, line.lowest()]).toEqual([0, Infinity]);
});

test('whatever ends when: everything goes out once, and each person and address in order', () => {
  const keys = ['ada', 'bob', 'home', 'work', 'phone'];
  const about = fc.array(fc.constantFrom(...keys), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(about, { minLength: 1, maxLength: 40 }), fc.nat(), (all, seed) => {
      const { backlog: line, notices } = backlog(
        ...all.map((subjects, index) => change(index + 1, null, ...subjects)),
      );
      const out: Notice[] = [];
      const ended: Notice[] = [];
      let turn = seed;
      while (ended.length < notices.length) {
        for (const notice of line.ready(0, 3)) {
          for (const other of out) expect(notice.keys.filter((key) => other.keys.includes(key))).toEqual([]);
          notice.isOut = true;
          out.push(notice);
        }
        expect(out.length).toBeGreaterThan(0);
        turn = (turn * 1_103_515_245 + 12_345) % 2 ** 31;
        const [done] = out.splice(turn % out.length, 1);
        if (done === undefined) throw new Error('none is out');
        line.settle(done);
        ended.push(done);
      }
      for (const key of keys) {
        const own = seqs(ended.filter((notice) => notice.keys.includes(key)));
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
      expect(line.size).toBe(0);
    }),
  );
});
