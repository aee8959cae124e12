import { MailListener } from '@secateur/backend/app';
import { expect, test } from 'vitest';
import { startApp } from '../support/app.js';
import { MailClient } from '../support/mail-client.js';
import { letter } from '../support/mails.js';

test('speaks SMTP where it is told to, with one reply for all recipients, until the service stops', async () => {
  const app = await startApp({}, { SECATEUR_MAIL_LISTEN: 'smtp://127.0.0.1:0' });
  const port = app.app.get(MailListener).port ?? 0;
  const client = await MailClient.open(port);
  expect(await client.say('EHLO mx.shop.example')).toMatch(/^250/);
  const message = letter('vera@pomona.example', 'unsubscribe');
  expect(await client.send(message, ['a@shop.example', 'b@shop.example'], 1)).toEqual(['250 taken']);
  await app.stop();
  await expect(MailClient.open(port)).rejects.toThrow();
});

test('listens to no mail unless it is told to', async () => {
  const app = await startApp();
  expect(app.app.get(MailListener).port).toBeNull();
  await app.stop();
});
