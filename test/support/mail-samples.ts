/*
 * Mail as it comes to a door of ours: reports, bounces, requests. Written from RFC 5965, RFC 3464, RFC 2369 and the forms
 * that Outlook and Apple Mail are known to send. People and hosts are ours.
 */

const crlf = (lines: readonly string[]): string => lines.join('\r\n');

/** The message that a report is about. */
const original = (to: string, token: string): string[] => [
  'From: Shop <news@shop.example>',
  `To: ${to}`,
  'Message-ID: <m-1@mail.shop.example>',
  'Subject: Autumn',
  'Date: Mon, 16 Nov 2026 08:00:00 +0000',
  `List-Unsubscribe: <https://secateur.shop.example/u/${token}>`,
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  '',
  'Autumn is here.',
];

function report(type: string, subtype: string, fields: readonly string[], about: readonly string[]): string {
  const boundary = '=_report_1';
  return crlf([
    'From: reports@mailbox.example',
    'To: feedback@shop.example',
    'Date: Mon, 16 Nov 2026 09:30:00 +0000',
    'Message-ID: <r-1@mailbox.example>',
    'Subject: Report',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type}; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    'A report about your message.',
    '',
    `--${boundary}`,
    `Content-Type: message/${subtype}`,
    '',
    ...fields,
    '',
    `--${boundary}`,
    'Content-Type: message/rfc822',
    '',
    ...about,
    '',
    `--${boundary}--`,
    '',
  ]);
}

/** @param token of ours, in the headers of the message that is reported */
export function abuseReport(to: string, token: string, feedback = 'abuse'): string {
  const fields = [
    `Feedback-Type: ${feedback}`,
    'User-Agent: Mailbox/2.1',
    'Version: 1',
    `Original-Rcpt-To: ${to}`,
    'Arrival-Date: Mon, 16 Nov 2026 09:00:00 +0000',
  ];
  return report('feedback-report', 'feedback-report', fields, original(to, token));
}

export function bounce(to: string, token: string, status = '5.1.1', action = 'failed'): string {
  const fields = [
    'Reporting-MTA: dns; mx.mailbox.example',
    'Arrival-Date: Mon, 16 Nov 2026 08:00:01 +0000',
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; 550 ${status} <${to}> user unknown`,
  ];
  return report('delivery-status', 'delivery-status', fields, original(to, token));
}

/** @param local the part of our address before the @, where the token may stand */
export function request(
  from: string,
  local: string,
  subject: string,
  body: string,
  headers: string[] = [],
): string {
  return crlf([
    `From: ${from}`,
    `To: ${local}@unsubscribe.shop.example`,
    'Date: Mon, 16 Nov 2026 10:00:00 +0000',
    `Message-ID: <q-${subject.length}-${body.length}@mailbox.example>`,
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    ...headers,
    '',
    body,
    '',
  ]);
}
