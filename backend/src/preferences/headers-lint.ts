import { z } from 'zod';
import { LIST_ID_LIMIT } from './list-headers.js';

/** Body of `POST /v1/links/lint`: the headers of a message as it leaves, in order. */
export const HeaderList = z.array(z.tuple([z.string().min(1).max(200), z.string().max(20_000)])).max(500);
export type HeaderList = z.infer<typeof HeaderList>;

export const faultCodes = [
  'missing',
  'repeated',
  'no_https',
  'several_https',
  'http',
  'not_a_uri',
  'post_value',
  'not_signed',
  'list_id_too_long',
  'list_id_shape',
  'control_character',
] as const;

export const HeaderFault = z.object({ code: z.enum(faultCodes), header: z.string(), detail: z.string() });
export type HeaderFault = z.infer<typeof HeaderFault>;

export const LintAnswer = z.object({ faults: z.array(HeaderFault) });
export type LintAnswer = z.infer<typeof LintAnswer>;

const UNSUBSCRIBE = 'List-Unsubscribe';
const POST = 'List-Unsubscribe-Post';
const LIST_ID = 'List-Id';
const SIGNATURE = 'DKIM-Signature';

/**
 * What keeps a receiver from offering one-click for a message (RFC 8058 sections 3.1 and 4; RFC 2369; RFC 2919).
 * Empty: nothing. Coverage by DKIM is checked where a signature is there; whether it verifies is not.
 */
export function lintHeaders(headers: HeaderList): HeaderFault[] {
  const of = (name: string) =>
    headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, v]) => v);
  const unsubscribe = of(UNSUBSCRIBE);
  const post = of(POST);
  return [
    ...[UNSUBSCRIBE, POST, LIST_ID].flatMap((name) =>
      of(name).flatMap((value) => controlFaults(name, value)),
    ),
    ...exactlyOne(UNSUBSCRIBE, unsubscribe),
    ...unsubscribe.slice(0, 1).flatMap((value) => uriFaults(unfold(value))),
    ...exactlyOne(POST, post),
    ...post.slice(0, 1).flatMap((value) => postFaults(unfold(value))),
    ...signatureFaults(of(SIGNATURE).map(unfold), unsubscribe.length + post.length > 0),
    ...listIdFaults(of(LIST_ID).map(unfold)),
  ];
}

function exactlyOne(header: string, values: readonly string[]): HeaderFault[] {
  if (values.length === 0)
    return [{ code: 'missing', header, detail: 'one-click needs it (RFC 8058 section 3.1)' }];
  if (values.length === 1) return [];
  return [
    {
      code: 'repeated',
      header,
      detail: `stands ${values.length} times; one is allowed (RFC 2369 section 2)`,
    },
  ];
}

function uriFaults(value: string): HeaderFault[] {
  const header = UNSUBSCRIBE;
  const uris = [...value.matchAll(/<([^<>]*)>/g)].map((match) => (match[1] ?? '').replace(/\s+/g, ''));
  const faults: HeaderFault[] = [];
  const outside = value.replace(/<[^<>]*>/g, '').replace(/\([^()]*\)/g, '');
  if (uris.length === 0 || !/^[\s,]*$/.test(outside)) {
    faults.push({
      code: 'not_a_uri',
      header,
      detail: 'each address stands in angle brackets, separated by commas',
    });
  }
  const schemes = uris.map((uri) => (URL.canParse(uri) ? new URL(uri).protocol : ''));
  if (schemes.includes('')) faults.push({ code: 'not_a_uri', header, detail: 'an address is not a URI' });
  if (schemes.includes('http:')) {
    faults.push({
      code: 'http',
      header,
      detail: 'an http address is not allowed beside or instead of https',
    });
  }
  const secure = schemes.filter((scheme) => scheme === 'https:').length;
  if (secure === 0) faults.push({ code: 'no_https', header, detail: 'one https address is needed' });
  if (secure > 1)
    faults.push({ code: 'several_https', header, detail: `${secure} https addresses; one is allowed` });
  return faults;
}

function postFaults(value: string): HeaderFault[] {
  if (value.trim() === 'List-Unsubscribe=One-Click') return [];
  return [
    { code: 'post_value', header: POST, detail: 'must be List-Unsubscribe=One-Click and nothing else' },
  ];
}

/** Both headers must be listed in `h=` of one signature (INV-8058-2). */
function signatureFaults(signatures: readonly string[], offered: boolean): HeaderFault[] {
  if (signatures.length === 0 || !offered) return [];
  const signed = signatures.map((signature) => {
    const list = /(?:^|;)\s*h\s*=([^;]*)/i.exec(signature)?.[1] ?? '';
    return new Set(list.split(':').map((name) => name.replace(/\s+/g, '').toLowerCase()));
  });
  const wanted = [UNSUBSCRIBE, POST];
  if (signed.some((names) => wanted.every((name) => names.has(name.toLowerCase())))) return [];
  const missing = wanted.filter((name) => !signed.some((names) => names.has(name.toLowerCase())));
  const detail =
    'is not in h= of the DKIM signature: receivers will not offer one-click (RFC 8058 section 4)';
  if (missing.length > 0) return missing.map((header) => ({ code: 'not_signed' as const, header, detail }));
  const split = 'and List-Unsubscribe are covered by different DKIM signatures: one must cover both';
  return [{ code: 'not_signed', header: POST, detail: split }];
}

function listIdFaults(values: readonly string[]): HeaderFault[] {
  const header = LIST_ID;
  const faults: HeaderFault[] = values.length > 1 ? exactlyOne(header, values) : [];
  const [value] = values;
  if (value === undefined) return faults;
  const octets = Buffer.byteLength(value.trim());
  if (octets > LIST_ID_LIMIT) {
    const detail = `has ${octets} octets; ${LIST_ID_LIMIT} are allowed (RFC 2919 section 2)`;
    faults.push({ code: 'list_id_too_long', header, detail });
  }
  if (!/<[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)+>\s*$/.test(value)) {
    const detail = 'must end with <label.namespace>, for example <promotions.shop.example.com>';
    faults.push({ code: 'list_id_shape', header, detail });
  }
  return faults;
}

function controlFaults(header: string, value: string): HeaderFault[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for
  if (!/[\u0000-\u0008\u000a-\u001f\u007f]/.test(unfold(value))) return [];
  return [
    { code: 'control_character', header, detail: 'holds a line end that is no folding, or another control' },
  ];
}

/** RFC 5322 section 2.2.3. */
function unfold(value: string): string {
  return value.replace(/\r?\n(?=[ \t])/g, '');
}
