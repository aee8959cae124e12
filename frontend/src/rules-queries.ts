import {
  CheckReport,
  Ruleset,
  type RulesetDraft,
  type RulesetPublication,
  SuggestionsAnswer,
} from '@secateur/backend/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { call } from './api.js';

export const rulesetsPath = '/v1/rulesets';
export const suggestionsPath = '/v1/churn/suggestions';

export const rulesetsQuery = queryOptions({
  queryKey: ['rulesets'],
  queryFn: ({ signal }) => call(z.object({ rulesets: z.array(Ruleset) }), rulesetsPath, { signal }),
  refetchInterval: 15_000,
});

/** Worked out once a night: asked for calmly. */
export const suggestionsQuery = queryOptions({
  queryKey: ['suggestions'],
  queryFn: ({ signal }) => call(SuggestionsAnswer, suggestionsPath, { signal }),
  staleTime: 60_000,
  refetchInterval: 60_000,
});

/** Makes a version of the rules that nothing is decided by yet. */
export function useDraft() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: RulesetDraft) => call(Ruleset, rulesetsPath, { method: 'POST', body: draft }),
    onSuccess: () => client.invalidateQueries({ queryKey: rulesetsQuery.queryKey }),
  });
}

export function useCheck(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(CheckReport, `${rulesetsPath}/${id}/check`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: rulesetsQuery.queryKey }),
  });
}

export type ReasonedStep = 'approve' | 'publish' | 'rollback' | 'discard';

/** A step of a version that needs a reason; publishing may be to a share of people. */
export function useStep(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ step, ...body }: { step: ReasonedStep } & Partial<RulesetPublication>) =>
      call(Ruleset, `${rulesetsPath}/${id}/${step}`, { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: rulesetsQuery.queryKey }),
  });
}
