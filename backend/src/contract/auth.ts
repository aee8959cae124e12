import { z } from 'zod';

/** What an API key may do. */
export const scopes = ['ingest', 'send', 'read', 'edit', 'approve', 'privacy', 'admin'] as const;
export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;

/** `GET /v1/session`: who is signed in. `csrf` goes back in the header `X-CSRF-Token` of every change. */
export const Session = z.object({
  user: z.string(),
  roles: z.array(z.string()),
  csrf: z.string(),
});
export type Session = z.infer<typeof Session>;

export const SignIn = z.strictObject({
  user: z.string().min(1).max(200),
  password: z.string().min(1).max(1024),
});
export type SignIn = z.infer<typeof SignIn>;

/** The one-time link that the first start prints: whoever opens it chooses the admin's password. */
export const Setup = z.strictObject({
  token: z.string().min(1).max(200),
  password: z.string().min(12).max(1024),
});
export type Setup = z.infer<typeof Setup>;
