import {
  DeadLetters,
  DecisionReceipts,
  Receipt,
  type TargetChange,
  type TargetDefinition,
  TargetList,
  TargetTest,
  TargetView,
  TargetWithSecret,
  TimeToHonour,
} from '@secateur/backend/contract';
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from './api.js';
import { type Range, windowOf } from './pages/monitor-search.js';
import { decisionPath } from './queries.js';

export const targetsPath = '/v1/targets';
const targetPath = (id: string) => `${targetsPath}/${encodeURIComponent(id)}`;

export const targetsQuery = queryOptions({
  queryKey: ['targets'],
  queryFn: ({ signal }) => call(TargetList, targetsPath, { signal }),
  refetchInterval: 5000,
});

/** A target that was changed is listed as it is now. */
function useFreshTargets() {
  const client = useQueryClient();
  return { onSuccess: () => client.invalidateQueries({ queryKey: targetsQuery.queryKey }) };
}

export function useNewTarget() {
  return useMutation({
    mutationFn: (body: TargetDefinition) => call(TargetWithSecret, targetsPath, { method: 'POST', body }),
    ...useFreshTargets(),
  });
}

export function useTargetChange(id: string) {
  return useMutation({
    mutationFn: (body: TargetChange) => call(TargetView, targetPath(id), { method: 'PUT', body }),
    ...useFreshTargets(),
  });
}

export function useTargetRemoval(id: string) {
  return useMutation({
    mutationFn: () => call(TargetView, targetPath(id), { method: 'DELETE' }),
    ...useFreshTargets(),
  });
}

export function useRotation(id: string) {
  return useMutation({
    mutationFn: () => call(TargetWithSecret, `${targetPath(id)}/rotate`, { method: 'POST' }),
    ...useFreshTargets(),
  });
}

export function useTargetTest(id: string) {
  return useMutation({ mutationFn: () => call(TargetTest, `${targetPath(id)}/test`, { method: 'POST' }) });
}

export const deadLettersLength = 100;

export function deadLettersQuery(id: string) {
  return queryOptions({
    queryKey: ['dead-letters', id],
    queryFn: ({ signal }) =>
      call(DeadLetters, `${targetPath(id)}/dead-letters?limit=${deadLettersLength}`, { signal }),
    refetchInterval: 10_000,
  });
}

export function retryDeadLetter(id: string, seq: string): Promise<Receipt> {
  return call(Receipt, `${targetPath(id)}/dead-letters/${seq}/retry`, { method: 'POST' });
}

/** Asked for again while somebody is still to be told. */
export function receiptsQuery(decision: string) {
  return queryOptions({
    queryKey: ['receipts', decision],
    queryFn: ({ signal }) => call(DecisionReceipts, `${decisionPath(decision)}/receipts`, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.receipts.some((receipt) => receipt.state === 'waiting' || receipt.state === 'sent')
        ? 2000
        : false,
  });
}

export function honourQuery(range: Range) {
  return queryOptions({
    queryKey: ['time-to-honour', range],
    queryFn: ({ signal }) =>
      call(TimeToHonour, `/v1/analytics/time-to-honour?${new URLSearchParams(windowOf(range, Date.now()))}`, {
        signal,
      }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}
