import { describe, expect, it } from 'vitest';
import { type Message, readMessage } from './message.js';
import { bounce, letter, mail, multipart } from './testing/mails.js';

const mebibyte = 1024 * 1024;

async function reading(raw: Buffer): Promise<Message> {
  const message = await readMessage(raw);
  if (message === null) throw new Error('is no message');
  return message;
}

describe('what mailers do', () => {
  it('an mbox line, empty lines in front, and LF for CRLF change nothing', async () => {
    const raw = bounce({ recipients: [['Final-Recipient: rfc822; ida@pomona.example', 'Status: 5.1.1']] });
    const plain = await reading(raw);
    const unix = raw.toString().replace(/\r\n/g, '\n');
    for (const variant of [unix, `From MAILER-DAEMON Wed Nov  4 08:30:00 2026\n${unix}`, `\n\n${unix}`]) {
      const { parts, subject, date } = await reading(Buffer.from(variant));
      expect({ subject, date }).toEqual({ subject: plain.subject, date: plain.date });
      expect(parts.map(({ type }) => type)).toEqual(['message/delivery-status', 'message/rfc822']);
    }
  });

  it('a boundary that does not end ends with the message', async () => {
    const raw = bounce({ recipients: [['Final-Recipient: rfc822; ida@pomona.example']] });
    const { parts } = await reading(raw.subarray(0, raw.lastIndexOf('--plum=_tree--')));
    expect(parts).toHaveLength(2);
  });

  it('bytes above 127, and a character set that nobody knows, are read as well as can be', async () => {
    for (const charset of ['utf-8', 'iso-8859-1', 'unicode-1-1-utf-7', 'nonsense']) {
      const bytes = Buffer.from('stop: Zwetschgenmüesli', charset === 'iso-8859-1' ? 'latin1' : 'utf8');
      const head = mail(['From: vera@pomona.example', `Content-Type: text/plain; charset=${charset}`]);
      expect((await reading(Buffer.concat([head, bytes]))).text, charset).toContain('stop: Zwetschgenm');
    }
  });

  it('parts in base64 are decoded, and a message in a message stays a part', async () => {
    const inner =
      'From: orchard@orchard.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nUNSUBSCRIBE\n--x--';
    const raw = multipart(
      'multipart/mixed',
      ['From: vera@pomona.example'],
      [
        [
          ['Content-Type: text/plain', 'Content-Transfer-Encoding: base64'],
          Buffer.from('hello').toString('base64'),
        ],
        [['Content-Type: message/rfc822'], inner],
      ],
    );
    const { text, parts } = await reading(raw);
    expect(text.trim()).toBe('hello');
    expect(parts).toMatchObject([
      { type: 'message/rfc822', content: expect.stringContaining('UNSUBSCRIBE') },
    ]);
  });

  it('HTML alone is read as what is seen of it', async () => {
    const { text } = await reading(
      letter('<p>a&nbsp;&amp; b<br>c</p><a href="x">d</a>', ['Content-Type: text/html']),
    );
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['a & b', 'c', 'd']);
  });

  it('is no message without a single field', async () => {
    for (const text of ['', '\n', 'hello', '{"a":1}', '\0'.repeat(100), 'X-Other: 1\n\nbody']) {
      expect(await readMessage(Buffer.from(text)), text).toBeNull();
    }
  });
});

it('a field that is too long stands empty, and the next of its name does not take its place', async () => {
  const long = `Authentication-Results: mx.orchard.example; ${'dkim=fail '.repeat(3000)}`;
  const raw = letter('x', [long, 'Authentication-Results: mx.orchard.example; dmarc=pass']);
  const { fields } = await reading(raw);
  expect(fields.all('authentication-results').map((value) => value.slice(0, 5))).toEqual(['', 'mx.or']);
});

describe('what attackers do: read in bounded time and memory, and the header still counts', () => {
  const head = 'From: vera@pomona.example\r\nSubject: unsubscribe\r\n';
  const mixed = 'Content-Type: multipart/mixed; boundary="b"\r\n';
  const bombs: Readonly<Record<string, () => string>> = {
    'a field of 1 MiB': () => `X-Plum: ${'a'.repeat(mebibyte)}\r\n${head}\r\nx`,
    'a million fields': () => `${'a:\n'.repeat(mebibyte)}${head}\r\nx`,
    'a wanted field a million times': () => `${head}${'To: a@b.example\n'.repeat(200_000)}\r\nx`,
    'a field of a million lines': () => `${head}X: y\n${' a\n'.repeat(mebibyte)}\r\nx`,
    'a To of brackets': () => `${head}To: ${'<'.repeat(2 * mebibyte)}\r\n\r\nx`,
    'Tos of groups': () => `${head}${`To: ${'a:'.repeat(2000)}\r\n`.repeat(100)}\r\nx`,
    'a type of parameters': () => `${head}Content-Type: text/plain; ${'a*0="b";'.repeat(1800)}\r\n\r\nx`,
    'a subject of encoded words': () =>
      `From: a@b.example\r\nSubject: unsubscribe ${'=?utf-8?q?a?= '.repeat(1000)}\r\n\r\nx`,
    'a million parts': () => `${head}${mixed}\r\n${'--b\n\n'.repeat(1.5 * mebibyte)}`,
    'parts of a million fields': () => `${head}${mixed}\r\n${`--b\n${'a:\n'.repeat(5000)}\n`.repeat(400)}`,
    'parts in parts': () => {
      const level = (_: unknown, at: number) =>
        `Content-Type: multipart/mixed; boundary="b${at}"\r\n\r\n--b${at}\r\n`;
      return `${head}${Array.from({ length: 5000 }, level).join('')}`;
    },
    'messages in messages': () => `${head}${'Content-Type: message/rfc822\r\n\r\n'.repeat(100_000)}`,
    'eight million empty lines': () => `${head}\r\n${'\n'.repeat(8 * mebibyte - 100)}`,
    'eight million characters in a line': () => `${head}\r\n${'a'.repeat(8 * mebibyte - 100)}`,
    'HTML of brackets': () => `${head}Content-Type: text/html\r\n\r\n${'<'.repeat(8 * mebibyte - 100)}`,
    'HTML of comments': () => `${head}Content-Type: text/html\r\n\r\n${'<!--<br'.repeat(mebibyte)}`,
    'format=flowed': () =>
      `${head}Content-Type: text/plain; format=flowed\r\n\r\n${'a \n'.repeat(2 * mebibyte)}`,
    'no end of the header': () => `${head}${'x'.repeat(8 * mebibyte - 100)}`,
  };

  it.each(Object.keys(bombs))('%s', async (name) => {
    const raw = Buffer.from((bombs[name] ?? String)(), 'latin1');
    const before = process.memoryUsage().rss;
    const began = process.cpuUsage();
    const { subject, text, parts } = await reading(raw);
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1000).toBeLessThan(2000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * mebibyte);
    expect(subject).toMatch(/^unsubscribe/);
    expect(text.length).toBeLessThanOrEqual(20_002);
    expect(parts.length).toBeLessThanOrEqual(200);
  });
});
