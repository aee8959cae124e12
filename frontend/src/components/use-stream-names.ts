import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type NameOfStream, streamNames } from '../plain-words.js';
import { streamsQuery } from '../queries.js';

/** Names of streams. Until the catalogue is there, and if it cannot be read, streams are called by their keys. */
export function useStreamNames(): NameOfStream {
  const { data } = useQuery(streamsQuery);
  return useMemo(() => streamNames(data?.streams ?? []), [data]);
}
