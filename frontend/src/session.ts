import { Session } from '@secateur/backend/contract';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { call, rememberCsrf } from './api.js';

/** Who is signed in. Fails with 401 when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    const session = await call(Session, '/v1/session', { signal });
    rememberCsrf(session.csrf);
    return session;
  },
  staleTime: 5 * 60_000,
  retry: false,
});

/** Signing in answers with the session: no second question. */
export function beginSession(client: QueryClient, session: Session): void {
  rememberCsrf(session.csrf);
  client.setQueryData(sessionQuery.queryKey, session);
}

/** Only paths of this site are followed after signing in, never an address that a link brought along. */
export function returnPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith('/') || wanted.startsWith('//') || wanted.includes('\\')) {
    return '/monitor';
  }
  return /^\/(sign-in|setup)(\?|$)/.test(wanted) ? '/monitor' : wanted;
}
