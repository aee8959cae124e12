import { scopes as allScopes, type Scope, Scope as scopeSchema } from '../contract/auth.js';

/** What the roles of the dashboard may do. Small cells stay hidden from all but privacy and admin. */
const scopesOfRole: ReadonlyMap<string, readonly Scope[]> = new Map(
  Object.entries<readonly Scope[]>({
    manager: ['read'],
    analyst: ['read'],
    editor: ['read', 'edit'],
    approver: ['read', 'approve'],
    privacy: ['read', 'privacy'],
    admin: allScopes,
  }),
);

/** The scopes of all roles together; a role that is not known gives none. */
export function scopesOf(roles: readonly string[]): ReadonlySet<Scope> {
  return new Set(roles.flatMap((role) => scopesOfRole.get(role) ?? []));
}

/** The known ones of what is stored: a scope that a newer version wrote gives nothing here. */
export function knownScopes(stored: readonly string[]): ReadonlySet<Scope> {
  return new Set(stored.flatMap((each) => scopeSchema.safeParse(each).data ?? []));
}
