import { EventsService } from '@secateur/backend/app';
import type { RunningApp } from './app.js';
import { day, type LogRow, streams } from './backtest-log.js';
import { Calls } from './calls.js';
import { Random } from './random.js';

/**
 * A population in which one rule is better by construction. Everybody leaves e-mail promotions once. Of the streams that go
 * on each is ended within 30 days by `base`; but whoever has the free plan and left by a link means promotions altogether:
 * they end the texts by `planted`. VIPs end newsletter and updates more often, which no rule for promotions would help.
 */
const base = 0.08;
const planted = 0.35;
const restless = 0.25;
const people = 3000;

const category = { scope: { kind: 'category' } };
const all = (...rules: object[]) => ({ combinator: 'and', rules });
const is = (field: string, value: unknown, operator = '=') => ({ field, operator, value });
const pro = is('subscriber.attributes.plan', 'pro');
const free = is('subscriber.attributes.plan', 'free');
const byLink = is('request.trigger', 'link_unsubscribe');

/** Each would stop promotions on every channel. `none`: what it would stop is ended no more often than what it leaves. */
export const candidates: readonly { name: string; truth: 'better' | 'none' | 'mixed'; when: object }[] = [
  { name: 'planted', truth: 'better', when: all(free, byLink) },
  { name: 'tier', truth: 'none', when: all(pro, is('subscriber.attributes.tier', 'a')) },
  { name: 'morning', truth: 'none', when: all(pro, is('request.hour', 12, '<')) },
  { name: 'restless', truth: 'none', when: all(pro, is('subscriber.attributes.vip', true)) },
  { name: 'campaign', truth: 'none', when: all(pro, is('message.campaign', 'spring')) },
  { name: 'near', truth: 'none', when: all(free, is('request.trigger', 'one_click_unsubscribe')) },
  // Holds some of those for whom the planted rule is right: found, if at all, for their sake.
  { name: 'mixed', truth: 'mixed', when: all(is('subscriber.attributes.tier', 'b')) },
];

/** Fills a service with the population of a seed. @returns a draft for each candidate */
export async function plant(app: RunningApp, seed: number): Promise<Map<string, string>> {
  const random = new Random(seed);
  const api = new Calls(() => app);
  for (const key of ['promotions', 'newsletter', 'updates', 'texts']) {
    const { status } = await api.send('PUT', `/v1/streams/${key}`, streams[key]);
    if (status !== 200) throw new Error(`stream ${key}: ${status}`);
  }
  await api.send('PUT', '/v1/segments/attributes', {
    attributes: [
      { name: 'plan', type: 'text' },
      { name: 'tier', type: 'text' },
      { name: 'vip', type: 'boolean' },
    ],
  });
  const crowd = Array.from({ length: people }, (_, index) => ({
    id: `p-${index}`,
    email: `p-${index}@people.example`,
    phone: `+1202555${1000 + index}`,
    jurisdiction: 'US',
    attributes: {
      plan: random.pick(['free', 'pro']),
      tier: random.pick(['a', 'b', 'c']),
      vip: random.chance(0.3),
    },
  }));
  await api.profiles(...crowd);

  const now = Date.now();
  const rows: LogRow[] = [];
  const add = (subscriber: string, receivedAt: number, key: string, more: object = {}) => {
    const { channel, category: about, origin } = streams[key] as Record<string, unknown>;
    const place = { channel, category: about, origin };
    rows.push({
      receivedAt,
      value: { id: `e-${rows.length}`, type: 'opted_out', subscriber, ...place, ...more },
    });
  };
  for (const { id, attributes } of crowd) {
    const at = now - (32 + random.below(55)) * day - random.below(day);
    const trigger = random.pick(['one_click_unsubscribe', 'link_unsubscribe']);
    add(id, at, 'promotions', { trigger, campaign: random.pick(['spring', 'summer']) });
    const means = attributes.plan === 'free' && trigger === 'link_unsubscribe';
    const chances = {
      texts: means ? planted : base,
      newsletter: attributes.vip ? restless : base,
      updates: attributes.vip ? restless : base,
    };
    for (const [key, chance] of Object.entries(chances)) {
      const later = at + day + random.below(28 * day);
      if (random.chance(chance)) add(id, later, key, { trigger: 'stream_unsubscribe' });
    }
  }
  rows.sort((a, b) => a.receivedAt - b.receivedAt);
  const { rejected } = await app.app
    .get(EventsService)
    .accept(rows, { tolerance: 0, madeBy: 'sender' }, Date.now());
  if (rejected[0] !== undefined) throw new Error(JSON.stringify(rejected[0]));

  const drafts = new Map<string, string>();
  for (const { name, when } of candidates) {
    // biome-ignore lint/suspicious/noThenProperty: the word of the product; rules are data and never awaited
    const rule = { id: name, name, priority: 1, when, then: category };
    const { status, body } = await api.post('/v1/rulesets', { rules: [rule], note: name });
    if (status !== 201) throw new Error(JSON.stringify(body));
    drafts.set(name, (body as { id: string }).id);
  }
  return drafts;
}
