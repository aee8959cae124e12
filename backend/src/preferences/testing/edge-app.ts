import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ContractPipe } from '../../contract.pipe.js';
import { ProblemFilter } from '../../problem.filter.js';
import { EdgeHits } from '../edge-hits.js';
import { PreferencePorts, PreferenceSettings } from '../ports.js';
import { PreferencesModule } from '../preferences.module.js';
import { type LinkContent, linkSeal, sealLink } from '../token.js';
import { MemoryPorts, stream } from './memory-ports.js';

export const secret = 'a secret of the tests, long enough';

/** Six streams of one person, on three channels. */
export function sampleStreams() {
  return [
    stream('email', 'promotions', 'shop', { title: 'Weekly offers', brand: 'Rosewood' }),
    stream('email', 'newsletter', 'shop', { title: 'The garden letter', brand: 'Rosewood' }),
    stream('email', 'product_updates', 'app', { brand: 'Rosewood' }),
    stream('sms', 'promotions', 'shop', { title: 'Flash sales', brand: 'Rosewood' }),
    stream('push', 'reminders', 'app', { title: 'Watering reminders', brand: 'Rosewood' }),
    stream('email', 'receipts', 'shop', { title: 'Receipts', class: 'essential' }),
  ];
}

export const sampleLink: LinkContent = {
  person: '00000000-0000-4000-8000-000000000001',
  externalId: '00000000-0000-5000-8000-000000000002',
  identifier: '00000000-0000-5000-8000-000000000003',
  stream: { channel: 'email', category: 'promotions', origin: 'shop' },
  audience: 'lapsed-de',
  campaign: 'bf-2026',
  messageId: '0190f5a2-7b1c-7d4e-9a3b-5c6d7e8f9a0b',
  allOptionShown: false,
  legalBasis: 'soft_opt_in',
  issuedAt: 29_500_000,
};

export interface EdgeApp {
  app: NestFastifyApplication;
  url: string;
  ports: MemoryPorts;
  hits: EdgeHits;
  token(link?: Partial<LinkContent>): string;
  /** Moves the service's clock. */
  clock: { now: number };
  /** Sends these bytes and nothing else, and reads one answer. */
  raw(bytes: string, path?: string): Promise<RawAnswer>;
  close(): Promise<void>;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The module over real HTTP, with the services in memory. */
export async function startEdge(unsubscribeMailbox: string | null = null): Promise<EdgeApp> {
  const ports = new MemoryPorts(sampleStreams());
  const clock = { now: Date.UTC(2026, 10, 20, 9, 30) };
  const settings: PreferenceSettings = {
    publicUrl: 'https://mail.example.com',
    secrets: [secret, 'a retired secret of the tests'],
    unsubscribeMailbox,
    now: () => clock.now,
  };
  const module = PreferencesModule.with({
    providers: [
      { provide: PreferencePorts, useValue: ports },
      { provide: PreferenceSettings, useValue: settings },
    ],
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    logger: false,
  });
  app.useGlobalPipes(new ContractPipe());
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    ports,
    hits: app.get(EdgeHits),
    clock,
    token: (link = {}) => sealLink(linkSeal([secret]), { ...sampleLink, ...link }),
    raw: (bytes) => send(port, bytes),
    close: () => app.close(),
  };
}

function send(port: number, bytes: string): Promise<RawAnswer> {
  const isHead = bytes.startsWith('HEAD ');
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let received = Buffer.alloc(0);
    socket.setTimeout(5000, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed before the answer was whole')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [statusLine = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n');
      const headers = Object.fromEntries(
        lines.map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }),
      );
      const length = isHead ? 0 : Number(headers['content-length'] ?? 0);
      const body = received.subarray(end + 4);
      if (body.length < length) return;
      resolve({ status: Number(statusLine.split(' ')[1]), headers, body: body.toString('utf8') });
      socket.destroy();
    });
  });
}
