import { isIP } from 'node:net';
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { Jurisdiction } from './contract/vocabulary.js';

/** Injection token of the `Config`. */
export const CONFIG = Symbol('CONFIG');

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The start cannot go on: the message is one line that names each bad variable and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const mebibyte = 1024 * 1024;

function whole(least: number, most: number, standard: number, unit = '') {
  const must = `a whole number from ${least} to ${most}${unit}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, must)
    .transform(Number)
    .refine((value) => value >= least && value <= most, must)
    .default(standard);
}

function onOff(standard: boolean) {
  return z
    .enum(['on', 'off'], 'on or off')
    .transform((value) => value === 'on')
    .default(standard);
}

const webAddress =
  'an http or https address without path, query or password, for example https://mail.example.com';

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && `${search}${hash}${username}${password}` === '';
}

function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** An address, or a range of them. Spelled in full: other readings of `10/8` begin at 0.0.0.10. */
function isAddressRange(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && ipaddr.isValidCIDR(text));
}

const addressesMust = 'IP addresses or CIDR ranges separated by commas, for example 10.1.2.3,fd00::/8';
const secretsMust = 'one or several comma-separated secrets of at least 32 characters';
const keyMust = '20 to 512 characters without spaces, as it travels in a header';
const marketsMust = 'countries or country-state pairs separated by commas, for example DE,US-CA';
const softBouncesMust = 'a count and a number of days up to 99, for example 5/14';
const listenMust = 'lmtp or smtp, an address and a port, for example lmtp://127.0.0.1:2424';
const mailboxMust = 'a mail address of at most 254 characters, for example unsubscribe@example.com';
const serverMust = 'the http or https address of a ClickHouse server';

function isMailListener(text: string): boolean {
  if (!/^(?:lmtp|smtp):\/\/[^/?#@]+:\d{1,5}$/.test(text) || !URL.canParse(text)) return false;
  const { hostname, port } = new URL(text);
  return hostname !== '' && Number(port) <= 65_535;
}

/** Variables whose value never appears in a message. */
const secretVariables: ReadonlySet<string> = new Set([
  'SECATEUR_SECRET',
  'SECATEUR_ADMIN_KEY',
  'CLICKHOUSE_URL',
]);

/** Every variable that Secateur reads. An empty value counts as absent. */
const Environment = z.object({
  /** 0 takes a free port. */
  PORT: whole(0, 65_535, 3000),
  /** Loopback, so that a first try is not open to the network. Containers set 0.0.0.0. */
  HOST: z.string().max(255, 'at most 255 characters').default('127.0.0.1'),
  /** Goes into links, headers and cookies. */
  PUBLIC_URL: z.string().refine(isOrigin, webAddress).optional(),
  SECATEUR_DATA: z.string().max(4096, 'at most 4096 characters').default('./data'),
  SECATEUR_DEMO: onOff(false),
  SECATEUR_ADMIN_KEY: z
    .string()
    .regex(/^[!-~]{20,512}$/, keyMust)
    .optional(),
  /** The first signs, all verify. 32 characters, so that a guess is hopeless even from a narrow alphabet. */
  SECATEUR_SECRET: z
    .string()
    .transform(commaList)
    .refine((list) => list.length > 0 && list.every((secret) => secret.length >= 32), secretsMust)
    .default([]),
  CLICKHOUSE_URL: z
    .string()
    .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), serverMust)
    .optional(),
  CLICKHOUSE_REPLICATED: onOff(false),
  SECATEUR_JOBS: onOff(true),
  SECATEUR_MARKETS: z
    .string()
    .transform(commaList)
    .refine((list) => list.every((each) => Jurisdiction.safeParse(each).success), marketsMust)
    .default([]),
  SECATEUR_TCPA_WAIVER_UNTIL: z.iso
    .date('a date, for example 2027-01-31')
    .transform((text) => new Date(`${text}T00:00:00.000Z`))
    .optional(),
  /** Where targets may be although it is not the public internet; over plain http, too. */
  SECATEUR_PRIVATE_TARGETS: z
    .string()
    .transform(commaList)
    .refine((list) => list.every(isAddressRange), addressesMust)
    .default([]),
  /** Below 512 MiB merges of wide tables fail; above, the embedded engine takes it from what Node leaves. */
  SECATEUR_ENGINE_MEMORY_MB: whole(512, 1_048_576, 2048, ' MiB'),
  /** Rows that may wait in memory for the journal: about 1 KiB each. More is refused with 429. */
  SECATEUR_JOURNAL_QUEUE: whole(1000, 10_000_000, 100_000, ' rows'),
  /** How many reverse proxies stand in front: that many hops of X-Forwarded-For are believed. */
  SECATEUR_TRUSTED_PROXIES: whole(0, 10, 0),
  /** So many soft bounces in so many days hold an address (INV-DSN-3): one alone says nothing. */
  SECATEUR_SOFT_BOUNCES: z
    .string()
    .regex(/^[1-9]\d?\/[1-9]\d?$/, softBouncesMust)
    .default('5/14'),
  /** Doors tell how they read a payload when asked to: for checking a provider's set-up, never in production. */
  SECATEUR_EXPLAIN: onOff(false),
  /** Absent: no mail is taken but by `POST /v1/mail`. Neither TLS nor passwords: a mail server stands in front. */
  SECATEUR_MAIL_LISTEN: z.string().refine(isMailListener, listenMust).optional(),
  /** Id under which our own mail server writes Authentication-Results (RFC 8601): what it found out is believed. */
  SECATEUR_MAIL_AUTHSERV_ID: z
    .string()
    .regex(/^[!-:<-~]{1,255}$/, 'the id that your mail server writes, for example mx.example.com')
    .optional(),
  /** Goes into List-Unsubscribe beside the web address: mail to it comes in by `POST /v1/mail` or the listener. */
  SECATEUR_UNSUBSCRIBE_MAILBOX: z
    .string()
    .regex(/^(?=.{1,254}$)[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/, mailboxMust)
    .optional(),
  LOG_LEVEL: z.enum(logLevels, `one of ${logLevels.join(', ')}`).default('info'),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Origin without a slash at the end. */
  readonly publicUrl: string;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly demo: boolean;
  /** An API key with every scope that stands in no table; null when none is preset. */
  readonly adminKey: string | null;
  /** Empty: generated into the data directory (secrets.ts). */
  readonly secrets: readonly string[];
  /** null: the embedded engine in the data directory. */
  readonly clickhouseUrl: string | null;
  readonly clickhouseReplicated: boolean;
  /** Does this process run the scheduled jobs? */
  readonly jobs: boolean;
  /** Jurisdictions in which the sender says it operates; empty when it said nothing. */
  readonly markets: readonly string[];
  /** Until when the TCPA's revoke-all rule is waived; null when it applies. */
  readonly tcpaWaiverUntil: Date | null;
  /** Addresses and CIDR ranges off the public internet that outbound calls may reach. */
  readonly privateTargets: readonly string[];
  readonly engineMemoryBytes: number;
  readonly journalQueueRows: number;
  readonly trustedProxies: number;
  /** How many soft bounces in how many days hold an address. */
  readonly softBounces: { readonly count: number; readonly days: number };
  /** Does `X-Secateur-Explain` get an answer? */
  readonly explain: boolean;
  /** Where mail is taken from a mail server; null: nowhere. Port 0 takes a free one. */
  readonly mailListen: MailListen | null;
  /** Our own mail server's id in Authentication-Results; null: nobody's word but our own check counts. */
  readonly mailAuthservId: string | null;
  /** Null: List-Unsubscribe has the web address alone. */
  readonly unsubscribeMailbox: string | null;
  readonly logLevel: LogLevel;
}

export interface MailListen {
  readonly protocol: 'lmtp' | 'smtp';
  readonly host: string;
  readonly port: number;
}

/**
 * The only reader of the environment.
 * @throws ConfigError that names every variable that cannot be used, never a secret's value
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
  const parsed = Environment.safeParse(given);
  if (!parsed.success) throw new ConfigError(refusal(parsed.error.issues, given));
  const env = parsed.data;
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: new URL(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).origin,
    dataDirectory: resolve(env.SECATEUR_DATA),
    demo: env.SECATEUR_DEMO,
    adminKey: env.SECATEUR_ADMIN_KEY ?? null,
    secrets: env.SECATEUR_SECRET,
    clickhouseUrl: env.CLICKHOUSE_URL ?? null,
    clickhouseReplicated: env.CLICKHOUSE_REPLICATED,
    jobs: env.SECATEUR_JOBS,
    markets: env.SECATEUR_MARKETS,
    tcpaWaiverUntil: env.SECATEUR_TCPA_WAIVER_UNTIL ?? null,
    privateTargets: env.SECATEUR_PRIVATE_TARGETS,
    engineMemoryBytes: env.SECATEUR_ENGINE_MEMORY_MB * mebibyte,
    journalQueueRows: env.SECATEUR_JOURNAL_QUEUE,
    trustedProxies: env.SECATEUR_TRUSTED_PROXIES,
    softBounces: softBounces(env.SECATEUR_SOFT_BOUNCES),
    explain: env.SECATEUR_EXPLAIN,
    mailListen: mailListen(env.SECATEUR_MAIL_LISTEN),
    mailAuthservId: env.SECATEUR_MAIL_AUTHSERV_ID ?? null,
    unsubscribeMailbox: env.SECATEUR_UNSUBSCRIBE_MAILBOX ?? null,
    logLevel: env.LOG_LEVEL,
  };
}

function mailListen(text: string | undefined): MailListen | null {
  if (text === undefined) return null;
  const { protocol, hostname, port } = new URL(text);
  return {
    protocol: protocol === 'lmtp:' ? 'lmtp' : 'smtp',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port),
  };
}

function softBounces(text: string): Config['softBounces'] {
  const [count = 0, days = 0] = text.split('/').map(Number);
  return { count, days };
}

function refusal(
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
  given: Readonly<Record<string, string | undefined>>,
): string {
  const reasons = new Map(issues.map(({ path, message }) => [String(path[0]), message]));
  return Array.from(reasons, ([name, must]) => {
    const was = secretVariables.has(name)
      ? 'is not usable'
      : `is ${JSON.stringify((given[name] ?? '').slice(0, 100))}`;
    return `${name} ${was}: it must be ${must}`;
  }).join('; ');
}
