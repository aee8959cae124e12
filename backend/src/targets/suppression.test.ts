import { describe, expect, test } from 'vitest';
import type { PermissionChange } from '../contract/permissions.js';
import type { Effect } from '../contract/vocabulary.js';
import { emailId, noon, person, phoneId, statement, stream } from '../opt-outs/decide-test-support.js';
import type { StreamStanding } from '../permissions/permissions.service.js';
import type { Statement } from '../permissions/statement.js';
import { type SuppressionFacts, suppressionOf } from './suppression.js';

const streams = {
  promotions: stream({ key: 'promotions' }),
  newsletter: stream({ key: 'newsletter', category: 'newsletter' }),
  receipts: stream({ key: 'receipts', category: 'receipts', class: 'essential' }),
  texts: stream({ key: 'texts', channel: 'sms' }),
};
type Key = keyof typeof streams;
type Reason = StreamStanding['permission']['reason'];

const wide = 'class=commercial;channel=email';
const line = (effect: Effect, selector: string, id = '') => ({
  id,
  subject: person,
  binds: 'person' as const,
  selector,
  effect,
  order_at: '',
  expires_at: null,
});

/** What holds for a person for whom every stream is open by its regime, but for what is given. */
function suppression(
  given: Partial<Omit<SuppressionFacts, 'change'>> & {
    type?: PermissionChange['type'];
    wrote?: PermissionChange['statements'];
    reasons?: Partial<Record<Key, [Reason, statementId?: string]>>;
  },
): { closed: string[]; reopened: string[]; channel: string } {
  const { type = 'opted_out', wrote = [], reasons = {}, ...facts } = given;
  const standings = Object.entries(streams).map(([key, one]): StreamStanding => {
    const [reason, statementId] = reasons[key as Key] ?? ['regime_opt_out'];
    const allowed = reason === 'opt_in' || reason === 'regime_opt_out';
    return {
      stream: one,
      permission: { allowed, reason, ...(statementId === undefined ? {} : { statementId }) },
    };
  });
  const change = { type, statements: wrote } as PermissionChange;
  const { closed, reopened, channel } = suppressionOf({
    change,
    standings,
    statements: [],
    subjects: [person, emailId],
    everClosed: new Set(),
    undone: [],
    now: noon,
    ...facts,
  });
  return { closed: [...closed], reopened: [...reopened], channel };
}

describe('closed is', () => {
  test.each(['opt_out', 'pause', 'hold'] as const)('a stream that a statement closes (%s)', (reason) => {
    const { closed } = suppression({ reasons: { promotions: [reason] } });
    expect(closed).toEqual(['promotions']);
  });

  test.each(['regime_opt_in', 'regime_opt_out', 'opt_in'] as const)('no other stream (%s)', (reason) => {
    expect(suppression({ reasons: { promotions: [reason] } }).closed).toEqual([]);
  });

  test('no stream of another channel', () => {
    expect(suppression({ reasons: { texts: ['opt_out'] } }).closed).toEqual([]);
  });
});

describe('opened again is', () => {
  const wrote = [line('opt_in', 'channel=email;category=promotions;origin=shop', 'yes')];
  const reasons = { promotions: ['opt_in', 'yes'] } as const;
  const everClosed = new Set(['promotions', 'newsletter']);

  test('what an opt-in of this decision opens', () => {
    const facts = { wrote, everClosed, reasons: { promotions: ['opt_in', 'yes'] as [Reason, string] } };
    expect(suppression({ type: 'opted_in', ...facts }).reopened).toEqual(['promotions']);
  });

  test.each<[string, Parameters<typeof suppression>[0]]>([
    ['what another opt-in opens', { wrote: [line('opt_in', '*', 'other')] }],
    ['what no opt-out ever closed', { wrote, everClosed: new Set(['newsletter']) }],
    ['what an opt-out has closed again', { wrote, reasons: { promotions: ['opt_out', 'no'] } }],
    ['what an opt-out decision leaves open', { wrote, type: 'opted_out' }],
  ])('not %s', (_, facts) => {
    const given = {
      type: 'opted_in',
      everClosed,
      reasons: { promotions: [...reasons.promotions] },
      ...facts,
    } as const;
    expect(suppression(given as Parameters<typeof suppression>[0]).reopened).toEqual([]);
  });

  test('what an undo takes back, where nothing else closes it', () => {
    const undone = [{ streamsStopped: ['promotions', 'newsletter'], effective: [] }];
    const facts = { type: 'undone', undone, reasons: { newsletter: ['opt_out'] as [Reason] } } as const;
    expect(suppression(facts)).toMatchObject({ closed: ['newsletter'], reopened: ['promotions'] });
    expect(suppression({ ...facts, type: 'opted_out' }).reopened).toEqual([]);
  });
});

describe('the channel is', () => {
  const all = { promotions: ['opt_out'], newsletter: ['opt_out'] } as Partial<Record<Key, [Reason]>>;
  const stop = (given: Partial<Statement> = {}) => statement({ selector: wide, decision: 'stop', ...given });

  test.each(['*', 'channel=email', 'class=commercial', wide])('closed by an opt-out of %s', (selector) => {
    expect(suppression({ statements: [stop({ selector })], reasons: all }).channel).toBe('closed');
  });

  test('closed by an opt-out that binds the address', () => {
    const statements = [stop({ binds: 'identifier', subject: emailId })];
    expect(suppression({ statements, reasons: all }).channel).toBe('closed');
  });

  test.each<[string, Partial<Statement>]>([
    ['a stream', { selector: 'channel=email;category=promotions;origin=shop' }],
    ['a brand', { selector: 'brand=acme;channel=email' }],
    ['another channel', { selector: 'channel=sms' }],
    ['another class', { selector: 'class=profiling' }],
    ['the phone', { binds: 'identifier', subject: phoneId }],
    ['a time that is over', { expiresAt: noon }],
    ['a pause', { effect: 'pause' }],
    ['a hold', { effect: 'hold' }],
  ])('not closed by %s', (_, given) => {
    expect(suppression({ statements: [stop(given)], reasons: all }).channel).toBe('untouched');
  });

  test('not closed by an opt-out that was taken back; that decision lifts it', () => {
    const taken = statement({ id: 's2', effect: 'void', voids: 'stop', selector: '*' });
    const statements = [stop(), taken];
    const undone = [{ streamsStopped: ['promotions'], effective: [wide] }];
    expect(suppression({ type: 'undone', statements, undone }).channel).toBe('lifted');
    expect(suppression({ type: 'opted_out', statements }).channel).toBe('untouched');
    const narrow = [{ streamsStopped: ['promotions'], effective: ['category=promotions'] }];
    expect(suppression({ type: 'undone', statements, undone: narrow }).channel).toBe('untouched');
    // Another one of the same kind stands.
    const older = stop({ id: 's3', decision: 'older' });
    const closed = { type: 'undone', statements: [...statements, older], undone, reasons: all } as const;
    expect(suppression(closed).channel).toBe('closed');
  });

  test('lifted by an opt-in as wide that opens all, and narrowed by a narrow one', () => {
    const open = { promotions: ['opt_in', 'yes'], newsletter: ['opt_in', 'yes'] } as Partial<
      Record<Key, [Reason, string]>
    >;
    const given = { type: 'opted_in', statements: [stop()] } as const;
    expect(suppression({ ...given, wrote: [line('opt_in', wide)], reasons: open }).channel).toBe('lifted');
    const narrow = {
      wrote: [line('opt_in', 'category=newsletter')],
      reasons: { ...all, newsletter: open.newsletter },
    };
    expect(suppression({ ...given, ...narrow }).channel).toBe('narrowed');
    // Where nothing stood there is nothing to lift.
    const none = { wrote: [line('opt_in', wide)], reasons: open };
    expect(suppression({ type: 'opted_in', ...none }).channel).toBe('untouched');
  });
});
