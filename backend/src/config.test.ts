import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.js';

function refusal(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

test('starts with nothing set, reachable from this machine only', () => {
  expect(readConfig({})).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:3000',
    demo: false,
    jobs: true,
    adminKey: null,
    secrets: [],
    clickhouseUrl: null,
    markets: [],
    tcpaWaiverUntil: null,
    privateTargets: [],
    trustedProxies: 0,
    mailListen: null,
    mailAuthservId: null,
    unsubscribeMailbox: null,
    logLevel: 'info',
  });
});

test('reads every variable', () => {
  const config = readConfig({
    PORT: '8080',
    HOST: '0.0.0.0',
    PUBLIC_URL: 'https://mail.example.com/',
    SECATEUR_DEMO: 'on',
    SECATEUR_JOBS: 'off',
    SECATEUR_SECRET: `${'a'.repeat(32)}, ${'b'.repeat(40)}`,
    SECATEUR_MARKETS: 'DE, US-CA',
    SECATEUR_TCPA_WAIVER_UNTIL: '2027-01-31',
    SECATEUR_PRIVATE_TARGETS: '10.1.2.3, fd00::/8',
    SECATEUR_ENGINE_MEMORY_MB: '1024',
    SECATEUR_MAIL_LISTEN: 'lmtp://[::1]:2424',
    SECATEUR_MAIL_AUTHSERV_ID: 'mx.example.com',
    SECATEUR_UNSUBSCRIBE_MAILBOX: 'leave+all@mail.example.com',
  });
  expect(config).toMatchObject({
    port: 8080,
    host: '0.0.0.0',
    publicUrl: 'https://mail.example.com',
    demo: true,
    jobs: false,
    secrets: ['a'.repeat(32), 'b'.repeat(40)],
    markets: ['DE', 'US-CA'],
    tcpaWaiverUntil: new Date('2027-01-31T00:00:00.000Z'),
    privateTargets: ['10.1.2.3', 'fd00::/8'],
    engineMemoryBytes: 1024 * 1024 * 1024,
    mailListen: { protocol: 'lmtp', host: '::1', port: 2424 },
    mailAuthservId: 'mx.example.com',
    unsubscribeMailbox: 'leave+all@mail.example.com',
  });
});

test('takes an empty variable as absent', () => {
  expect(readConfig({ PORT: '', SECATEUR_MARKETS: ' ' })).toMatchObject({ port: 3000, markets: [] });
});

test.each<[name: string, value: string, start: string]>([
  ['PORT', '70000', 'PORT is "70000": it must be a whole number from 0 to 65535'],
  ['PORT', '3e3', 'PORT is "3e3": it must be a whole number from 0 to 65535'],
  ['SECATEUR_DEMO', 'yes', 'SECATEUR_DEMO is "yes": it must be on or off'],
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL is "loud": it must be one of error, warn, info, debug'],
  ['SECATEUR_MAIL_LISTEN', '2424', 'it must be lmtp or smtp, an address and a port'],
  ['SECATEUR_MAIL_LISTEN', 'lmtp://127.0.0.1', 'it must be lmtp or smtp, an address and a port'],
  ['SECATEUR_MAIL_LISTEN', 'http://127.0.0.1:1', 'it must be lmtp or smtp, an address and a port'],
  ['SECATEUR_MAIL_LISTEN', 'smtp://:25', 'it must be lmtp or smtp, an address and a port'],
  ['SECATEUR_MAIL_LISTEN', 'smtp://a:99999', 'it must be lmtp or smtp, an address and a port'],
  ['SECATEUR_MAIL_LISTEN', 'smtp://a:1/x', 'it must be lmtp or smtp, an address and a port'],
  ['SECATEUR_MAIL_AUTHSERV_ID', 'mx; x', 'it must be the id that your mail server writes'],
  ['SECATEUR_UNSUBSCRIBE_MAILBOX', 'leave@x?a@b.example', 'it must be a mail address'],
  ['SECATEUR_UNSUBSCRIBE_MAILBOX', 'leave', 'it must be a mail address'],
  ['SECATEUR_MARKETS', 'de', 'SECATEUR_MARKETS is "de": it must be countries'],
  ...['10/8', '10.0.0.0/33', 'localhost', '0x7f.1', 'fe80::1%eth0', '10.0.0.0/8/8'].map(
    (text): [string, string, string] => [
      'SECATEUR_PRIVATE_TARGETS',
      text,
      `SECATEUR_PRIVATE_TARGETS is "${text}": it must be IP addresses or CIDR ranges`,
    ],
  ),
  [
    'SECATEUR_TCPA_WAIVER_UNTIL',
    '31.01.2027',
    'SECATEUR_TCPA_WAIVER_UNTIL is "31.01.2027": it must be a date',
  ],
  [
    'PUBLIC_URL',
    'https://example.com/mail',
    'PUBLIC_URL is "https://example.com/mail": it must be an http or https',
  ],
])('names %s and what it must be when it is %s', (name, value, start) => {
  const message = refusal({ [name]: value });
  expect(message).toContain(start);
  expect(message).not.toContain('\n');
});

test('names all bad variables at once', () => {
  expect(refusal({ PORT: 'x', SECATEUR_JOBS: 'x' })).toMatch(/PORT is .*; SECATEUR_JOBS is /);
});

test.each(['SECATEUR_SECRET', 'SECATEUR_ADMIN_KEY', 'CLICKHOUSE_URL'])(
  'never repeats the value of %s',
  (name) => {
    const message = refusal({ [name]: 'short secret' });
    expect(message).toContain(`${name} is not usable: it must be `);
    expect(message).not.toContain('short');
  },
);
