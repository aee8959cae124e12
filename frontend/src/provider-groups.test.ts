import type { Stream } from '@secateur/backend/contract';
import { expect, test } from 'vitest';
import { choicesFor, groupOrder, type ProviderGroup } from './provider-groups.js';

const group = (ref: string, streams: string[] = [], change: Partial<ProviderGroup> = {}): ProviderGroup => ({
  ref,
  channel: 'email',
  streams,
  provider: 'sendgrid',
  title: 'SendGrid',
  ...change,
});
const refs = (groups: ProviderGroup[]) => groups.map(({ ref }) => ref);

test('what is not mapped comes first, numbers in their order', () => {
  const groups = [group('asm:2', ['p']), group('asm:10'), group('asm:9')];
  expect(refs(groupOrder(groups, new Set()))).toEqual(['asm:9', 'asm:10', 'asm:2']);
});

test('a group that was just mapped stays where it was', () => {
  const groups = [group('asm:1', ['p']), group('asm:9', ['p']), group('asm:10')];
  expect(refs(groupOrder(groups, new Set(['asm:9'])))).toEqual(['asm:9', 'asm:10', 'asm:1']);
});

test('a group stands for streams of its channel that are no group’s own, and keeps what it has', () => {
  const stream = (key: string, channel = 'email') => ({ key, channel }) as Stream;
  const catalogue = [stream('p'), stream('own'), stream('texts', 'sms'), stream('other-own')];
  const groups = [
    group('asm:1', ['other-own'], { registered: 'own' }),
    group('asm:2', [], { registered: 'other-own' }),
  ];
  const keys = (one: ProviderGroup) => choicesFor(one, catalogue, groups).map(({ key }) => key);
  expect(keys(group('asm:3'))).toEqual(['p']);
  expect(keys(group('asm:1', ['other-own']))).toEqual(['p', 'other-own']);
});
