/** Rows of the tables of alerts, with what a test does not care about filled in. */

type Row = Record<string, unknown>;

/** One line of `rates`: everybody, on the stream `news` by campaign `c`. */
export const rates = (hour: string, delivered: number, optOuts = 0, change: Row = {}): Row => ({
  ...{
    segment: '',
    quarter_hour: hour,
    stream: 'news',
    campaign: 'c',
    message_type: 'offer',
    channel: 'email',
    category: 'news',
  },
  ...{ origin: 'shop', delivered, opened: 0, clicked: 0, opt_outs: optOuts, complaints: 0, ...change },
});

/** Days since the epoch. */
export const dayOf = (date: string): number => Date.parse(`${date}T00:00:00.000Z`) / 86_400_000;

export const incident = (id: string, version: number, openedAt: string, change: Row = {}): Row => ({
  ...{
    id,
    version,
    is_open: true,
    opened_at: openedAt,
    changed_at: openedAt,
    changed_by: 'ada',
    body: `v${version}`,
  },
  ...change,
});

export const alarm = (onDay: number, change: Row = {}): Row => ({
  ...{ metric: 'opt_outs', level: 'stream', stream: 'news', key: '', on_day: onDay, kind: 'spike' },
  ...{
    observed: 9,
    delivered: 1000,
    expected: 3,
    p: 0.001,
    looked_at: '2026-11-11T12:00:00.000Z',
    version: 1,
  },
  ...change,
});

export const notice = (id: string, change: Row = {}): Row => ({
  ...{
    id,
    version: 1,
    incident: 'i-1',
    type: 'alert.opened',
    place: 'webhook',
    state: 'waiting',
    attempts: 0,
  },
  ...{ made_at: '2026-11-11T10:00:00.000Z', next_at: '2026-11-11T10:00:00.000Z', acknowledged_at: null },
  ...{ status: 0, detail: '', payload: '{}', ...change },
});
