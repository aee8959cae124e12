/**
 * Conditions by table that leave what had happened and arrived before an instant. Tables that hold only what is so now have
 * nothing that a snapshot of the past may know: of them no row is left.
 */
export function withoutTheFuture(t0: Date): Readonly<Record<string, string>> {
  const before = `< toDateTime64('${t0.toISOString().replace('T', ' ').replace('Z', '')}', 3, 'UTC')`;
  const both = (happened: string): string => `${happened} ${before} AND received_at ${before}`;
  return {
    events: both('occurred_at'),
    decisions: both('order_at'),
    statements: both('order_at'),
    spell_marks: both('at'),
    spell_edges: both('at'),
    counted_requests: both('order_at'),
    recounts: both('order_at'),
    memberships: `at ${before}`,
    members: '0',
    subjects: '0',
    engagement: '0',
    exposures: '0',
    rates: '0',
    churn_rows: '0',
    churn_scores: '0',
    churn_risk_history: '0',
    churn_bin_history: '0',
  };
}
