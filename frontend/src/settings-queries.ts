import {
  BatchResult,
  type Provider,
  type ProviderChange,
  ProviderStream,
  type ProviderStreamChange,
  ProviderView,
  QuarantineRows,
} from '@secateur/backend/contract';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { call } from './api.js';

export const providersPath = '/v1/providers';
const ProviderList = z.object({ providers: z.array(ProviderView) });

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => call(ProviderList, providersPath, { signal }),
  refetchInterval: 5000,
});

/** Connects, changes or switches off a provider. What is absent in the change stays. */
export function useProviderChange(provider: Provider) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ProviderChange) =>
      call(ProviderView, `${providersPath}/${provider}`, { method: 'PUT', body }),
    onSuccess: (view) => {
      client.setQueryData(
        providersQuery.queryKey,
        (before) =>
          before && {
            providers: before.providers.map((known) => (known.provider === view.provider ? view : known)),
          },
      );
    },
  });
}

/** Says which streams a provider's group stands for; streams may inherit from it after that. */
export function useMapping(provider: Provider) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ProviderStreamChange) =>
      call(ProviderStream, `${providersPath}/${provider}/streams`, { method: 'PUT', body }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: providersQuery.queryKey }),
        client.invalidateQueries({ queryKey: ['streams'] }),
      ]),
  });
}

/** The API gives no more at once; what is beyond has a later deadline. */
export const quarantineLength = 500;
export const quarantinePath = `/v1/quarantine?limit=${quarantineLength}`;

export const quarantineQuery = queryOptions({
  queryKey: ['quarantine'],
  queryFn: ({ signal }) => call(QuarantineRows, quarantinePath, { signal }),
  refetchInterval: 10_000,
});

export function replay(id: string): Promise<BatchResult> {
  return call(BatchResult, `/v1/quarantine/${encodeURIComponent(id)}/replay`, { method: 'POST' });
}
