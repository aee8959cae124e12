import { Segment, SegmentPreview, SubscriberSegments } from '@secateur/backend/contract';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Called, Calls } from './calls.js';

export const all = (...rules: object[]) => ({ combinator: 'and', rules });
export const none = (...rules: object[]) => ({ combinator: 'or', not: true, rules });

/** `leaf('segment', 'contains', 'plan:free')` */
export const leaf = (field: string, operator: string, value?: unknown) => ({
  field,
  operator,
  ...(value === undefined ? {} : { value }),
});

/** What tests of segments ask of the service over HTTP. */
export class SegmentCalls {
  constructor(private readonly call: Calls) {}

  put(key: string, condition: object, more: object = {}): Promise<Called> {
    return this.call.send('PUT', `/v1/segments/${key}`, { name: key, condition, ...more });
  }

  /** Defines a segment and waits until its people are found. */
  async define(key: string, condition: object, more: object = {}): Promise<Segment> {
    expect(await this.put(key, condition, more), key).toMatchObject({ status: 200 });
    return this.settled(key);
  }

  async settled(key: string): Promise<Segment> {
    for (;;) {
      const segment = Segment.parse((await this.call.get(`/v1/segments/${key}`)).body);
      if (!segment.filling) return segment;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** In key order. */
  async activeKeys(): Promise<string[]> {
    const { body } = await this.call.get('/v1/segments');
    const { segments } = z.object({ segments: z.array(Segment) }).parse(body);
    return segments.filter(({ state }) => state === 'active').map(({ key }) => key);
  }

  async of(subscriber: string): Promise<SubscriberSegments> {
    const { status, body } = await this.call.get(`/v1/subscribers/${subscriber}/segments`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return SubscriberSegments.parse(body);
  }

  /** Keys of the defined segments a subscriber is in. */
  async keysOf(subscriber: string): Promise<string[]> {
    return (await this.of(subscriber)).segments.map((one) => one.segment);
  }

  async preview(condition: object, headers: Record<string, string> = {}): Promise<SegmentPreview> {
    const { status, body } = await this.call.post('/v1/segments/preview', { condition }, headers);
    expect({ status, body }).toMatchObject({ status: 200 });
    return SegmentPreview.parse(body);
  }
}
