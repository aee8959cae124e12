import type { Queries } from '@secateur/sql';
import type { MailchimpOptions, SendGridOptions, TargetKind, TargetView } from '../contract/targets.js';
import type { Seal } from '../seal.js';

type Row = Queries['targets/all_targets']['row'];

/** One version of a target. Instants in ms since the epoch. */
export interface Target {
  readonly id: string;
  readonly version: number;
  readonly kind: TargetKind;
  readonly name: string;
  /** '' for the provider's own. */
  readonly url: string;
  readonly options: SendGridOptions | MailchimpOptions | Record<string, never>;
  /** `TargetSecrets`, sealed; '' once deleted. */
  readonly sealed: string;
  readonly enabled: boolean;
  readonly disabledFor: string;
  /** It is told of what comes after this place in the feed. */
  readonly since: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly changedBy: string;
  readonly deleted: boolean;
}

export interface TargetSecrets {
  /** The newest first. `until` is when an older one stops signing; null for the newest. */
  readonly signing: readonly { readonly secret: string; readonly until: number | null }[];
  readonly apiKey: string | null;
}

/** How long an older signing secret signs beside the newest. */
const overlapMs = 24 * 3_600_000;

export function rotated(secrets: TargetSecrets, secret: string, now: number): TargetSecrets {
  const older = secrets.signing
    .map((one) => ({ ...one, until: one.until ?? now + overlapMs }))
    .filter(({ until }) => until > now);
  return { ...secrets, signing: [{ secret, until: null }, ...older] };
}

export function signingAt(secrets: TargetSecrets, now: number): string[] {
  return secrets.signing.filter(({ until }) => until === null || until > now).map(({ secret }) => secret);
}

export function sealSecrets(seal: Seal, secrets: TargetSecrets): string {
  return seal.seal(Buffer.from(JSON.stringify(secrets))).toString('base64');
}

/** null when it was sealed under a secret that SECATEUR_SECRET no longer lists. */
export function openSecrets(seal: Seal, sealed: string): TargetSecrets | null {
  const text = seal.open(Buffer.from(sealed, 'base64'));
  return text === null ? null : (JSON.parse(text.toString('utf8')) as TargetSecrets);
}

/** The next version after a change; `secrets` are given where they change. */
export function changed(
  target: Target,
  change: Partial<Omit<Target, 'id' | 'version' | 'kind' | 'since' | 'createdAt'>>,
  by: string,
  now: number,
): Target {
  const version = Math.max(now, target.version + 1);
  return { ...target, ...change, version, changedAt: now, changedBy: by };
}

export function targetOf(row: Row): Target {
  return {
    id: row.id,
    version: row.version,
    kind: row.kind as TargetKind,
    name: row.name,
    url: row.url,
    options: JSON.parse(row.options) as Target['options'],
    sealed: row.sealed,
    enabled: row.enabled,
    disabledFor: row.disabled_for,
    since: row.since,
    createdAt: Date.parse(row.created_at),
    changedAt: Date.parse(row.changed_at),
    changedBy: row.changed_by,
    deleted: row.deleted,
  };
}

export const targetColumns = [
  'id',
  'version',
  'name',
  'kind',
  'url',
  'options',
  'sealed',
  'enabled',
  'disabled_for',
  'since',
  'created_at',
  'changed_at',
  'changed_by',
  'deleted',
] as const satisfies readonly (keyof Row)[];

export function targetLine(target: Target): string {
  return JSON.stringify([
    target.id,
    target.version,
    target.name,
    target.kind,
    target.url,
    JSON.stringify(target.options),
    target.sealed,
    target.enabled,
    target.disabledFor,
    target.since,
    new Date(target.createdAt).toISOString(),
    new Date(target.changedAt).toISOString(),
    target.changedBy,
    target.deleted,
  ]);
}

/** @param isWhole show the whole address, and not its origin alone */
export function targetView(
  target: Target,
  secrets: TargetSecrets | null,
  now: number,
  isWhole: boolean,
): TargetView {
  const ends = (secrets?.signing ?? []).flatMap(({ until }) =>
    until !== null && until > now ? [until] : [],
  );
  return {
    id: target.id,
    kind: target.kind,
    name: target.name,
    url: target.url === '' ? null : isWhole ? target.url : new URL(target.url).origin,
    options: target.options,
    enabled: target.enabled,
    disabled_for: target.disabledFor,
    since: String(target.since),
    created_at: new Date(target.createdAt).toISOString(),
    changed_at: new Date(target.changedAt).toISOString(),
    old_secret_until: ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString(),
  };
}
