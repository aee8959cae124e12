import { describe, expect, test } from 'vitest';
import { complaintFindings } from './complaint-findings.js';
import { domainOf, exceeded } from './thresholds.js';

const settings = { minDeliveries: 1000, minComplaints: 5, alpha: 0.001 };

describe('a threshold of complaints', () => {
  test('is exceeded where the counts leave no doubt, the higher one first', () => {
    expect(exceeded({ n: 10_000, x: 60 }, settings)).toBe('critical');
    expect(exceeded({ n: 10_000, x: 25 }, settings)).toBe('warning');
    expect(exceeded({ n: 10_000, x: 10 }, settings)).toBeNull();
  });

  test('is not held against few deliveries or few complaints', () => {
    expect(exceeded({ n: 999, x: 100 }, settings)).toBeNull();
    expect(exceeded({ n: 1000, x: 4 }, settings)).toBeNull();
    expect(exceeded({ n: 1000, x: 12 }, settings)).toBe('critical');
  });
});

describe('complaints by List-Id and domain', () => {
  const asked = {
    ...{ enabled: true, q: 0.01, drifts_per_year: 1, min_events: 3, min_deliveries: 200, min_ratio: 1.5 },
    ...{ complaint_min_deliveries: 1000, complaint_min_events: 5, complaint_pause: false },
  };
  const ids: Record<string, string> = {
    news: 'news.shop.example.com',
    offers: 'offers.shop.example.com',
    other: 'other.example.org',
  };
  const row = (of_stream: string, delivered: number, complaints: number) => ({
    of_stream,
    delivered,
    complaints,
  });
  const found = (...rows: ReturnType<typeof row>[]) =>
    complaintFindings(rows, (stream) => ids[stream] ?? '', asked, 86_400_000 * 20_000);

  test('two lists that are each in doubt may be none together', () => {
    const { tests, findings } = found(row('news', 9000, 18), row('offers', 9000, 18), row('other', 9000, 3));
    expect(tests).toBe(4);
    expect(findings.map(({ evidence }) => evidence[0]?.cell)).toEqual([
      { level: 'domain', stream: '', key: 'shop.example.com', metric: 'complaints' },
    ]);
    expect(findings[0]).toMatchObject({ severity: 'warning', streams: ['news', 'offers'] });
  });

  test('a stream without a List-Id is held under its key, and a domain of one list is not told of twice', () => {
    const { findings } = found(row('nameless', 5000, 60), row('news', 5000, 60));
    expect(findings.map(({ evidence }) => evidence[0]?.cell.key)).toEqual([
      'nameless',
      'news.shop.example.com',
    ]);
  });

  test('the domain is what follows the first label', () => {
    expect(domainOf('weekly.news.example.com')).toBe('news.example.com');
    expect(domainOf('Our news <weekly.Example.com>')).toBe('example.com');
    expect(domainOf('weekly')).toBeNull();
    expect(domainOf('')).toBeNull();
  });
});
