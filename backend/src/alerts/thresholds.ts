import { betaBinomialTail } from './beta-binomial.js';

/** Mailbox providers warn at 0.10 % and refuse at 0.30 % (FLOOR: complaints per List-Id and sending domain). */
export const thresholds = { warning: 0.001, critical: 0.003 } as const;
export type Severity = keyof typeof thresholds;

/** Complaints about what one list or domain sent in the window. */
export interface Complaints {
  readonly n: number;
  readonly x: number;
}

export interface ThresholdSettings {
  readonly minDeliveries: number;
  readonly minComplaints: number;
  /** Chance that a list whose true rate is exactly at a threshold is told of in one look. */
  readonly alpha: number;
}

/**
 * The highest threshold that the true rate is above, as far as the counts tell: P(X ≥ x) at the threshold is at most α by
 * the binomial, whose exact one-sided lower bound then lies above it.
 */
export function exceeded({ n, x }: Complaints, settings: ThresholdSettings): Severity | null {
  if (n < settings.minDeliveries || x < settings.minComplaints) return null;
  for (const severity of ['critical', 'warning'] as const)
    if (betaBinomialTail(x, n, thresholds[severity], 0) <= settings.alpha) return severity;
  return null;
}

/**
 * Where the List-Id says a list is sent from: what follows its first label (RFC 2919, section 2). Events name no other
 * sending domain.
 *
 * @example domainOf('weekly.news.example.com') // 'news.example.com'
 */
export function domainOf(listId: string): string | null {
  const bare = /<([^<>]+)>\s*$/.exec(listId)?.[1] ?? listId;
  const [, ...rest] = bare.trim().toLowerCase().split('.');
  return rest.length < 2 ? null : rest.join('.');
}
