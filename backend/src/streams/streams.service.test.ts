import { Logger } from '@nestjs/common';
import type { Engine, Queries } from '@secateur/sql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StreamDefinition } from '../contract/streams.js';
import { StreamsService } from './streams.service.js';

// The instant between two steps of an insert is what these rules are about, so the test holds the insert in its hands;
// test/api/streams.test.ts asks the real engine.
function held() {
  const lines: string[] = [];
  const open: ((failure?: Error) => void)[] = [];
  const insert = (_table: string, _columns: unknown, text: string) =>
    new Promise<void>((resolve, reject) => {
      lines.push(text);
      open.push((failure) => (failure === undefined ? resolve() : reject(failure)));
    });
  return {
    streams: new StreamsService({ insert } as unknown as Engine<Queries>),
    lines,
    /** Lets the insert in hand end. */
    end: async (failure?: Error) => {
      await vi.waitFor(() => expect(open).not.toHaveLength(0));
      open.shift()?.(failure);
    },
  };
}

const definition = (given: Partial<StreamDefinition> = {}): StreamDefinition => ({
  channel: 'email',
  category: 'news',
  origin: 'shop',
  class: 'informational',
  brand: 'acme',
  ...given,
});

afterEach(() => vi.restoreAllMocks());

describe('streams that are defined and seen at the same time', () => {
  it('INV-2919-1: two keys on one place: the second is refused, and writes nothing', async () => {
    const { streams, lines, end } = held();
    const first = streams.define('a', definition(), 'me', 1);
    const second = streams.define('b', definition(), 'me', 1);
    const refused = expect(second).rejects.toThrow('belong to stream a');
    await end();
    await first;
    await refused;
    expect(lines).toHaveLength(1);
  });

  it('a definition follows one that failed', async () => {
    const { streams, end } = held();
    const first = streams.define('a', definition(), 'me', 1);
    const failed = expect(first).rejects.toThrow('away');
    const second = streams.define('b', definition(), 'me', 1);
    await end(new Error('away'));
    await failed;
    await end();
    expect(await second).toMatchObject({ key: 'b', version: 1 });
    expect(streams.all().map((one) => one.key)).toEqual(['b']);
  });

  it('INV-2919-1: a place that is first seen while it is being defined is that stream, durable with the event', async () => {
    const { streams, lines, end } = held();
    const defined = streams.define('a', definition(), 'me', 1);
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(streams.seen('email', 'news', 'shop', 2)).toMatchObject({ key: 'a', class: 'informational' });
    // The group of the event carries the very row of the definition, whoever wrote it.
    expect(streams.inserts(['a']).map((insert) => insert.lines)).toEqual(lines);
    await end();
    await defined;
    expect(streams.all().map((one) => one.key)).toEqual(['a']);
  });

  it('another place does not take the key that is being defined', async () => {
    const { streams, lines, end } = held();
    const defined = streams.define('email.offers.shop', definition(), 'me', 1);
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(streams.seen('email', 'offers', 'shop', 2).key).not.toBe('email.offers.shop');
    await end();
    await defined;
    expect(streams.all()).toHaveLength(2);
  });

  it('registering waits for the definition of the same place, and writes nothing itself', async () => {
    const { streams, lines, end } = held();
    const defined = streams.define('a', definition(), 'me', 1);
    const registered = streams.register('email', 'news', 'shop', 2);
    await end();
    await defined;
    expect(await registered).toMatchObject({ key: 'a' });
    expect(lines).toHaveLength(1);
  });
});

it('warns once when a thousand streams have registered themselves', () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const { streams } = held();
  for (let index = 0; index < 999; index++) streams.seen('email', `order ${index}`, 'shop', 1);
  expect(warn).not.toHaveBeenCalled();
  for (let index = 999; index < 1100; index++) streams.seen('email', `order ${index}`, 'shop', 1);
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.any(String), { unreviewed: 1000 });
});
