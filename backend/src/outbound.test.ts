import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP, type LookupFunction } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Outbound, OutboundError, type OutboundOptions } from './outbound.js';

const calls: { method: string | undefined; url: string | undefined; body: string }[] = [];
let answering: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ method: request.method, url: request.url, body });
    answering(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  calls.length = 0;
  answering = (_, response) => response.end();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Names that resolve to what a test says, one answer a call; the last goes on. */
function names(...answers: (readonly string[])[]): LookupFunction {
  return (_, options, answer) => {
    const [addresses = []] = answers.length > 1 ? answers.splice(0, 1) : answers;
    const all = addresses.map((address) => ({ address, family: isIP(address) }));
    if (options.all === true) answer(null, all);
    else answer(null, all[0]?.address ?? '', all[0]?.family);
  };
}

async function faultOf(
  url: string,
  allowed: readonly string[] = [],
  options: OutboundOptions = {},
): Promise<string> {
  const outbound = new Outbound(allowed, { timeoutMs: 2000, ...options });
  try {
    const { status } = await outbound.call({ method: 'GET', url });
    return `answered ${status}`;
  } catch (error) {
    if (error instanceof OutboundError) return error.fault;
    throw error;
  } finally {
    outbound.onApplicationShutdown();
  }
}

test.each([
  ['loopback', '127.0.0.1'],
  ['all of loopback', '127.8.8.8'],
  ['loopback by IPv6', '[::1]'],
  ['IPv4 in IPv6', '[::ffff:127.0.0.1]'],
  ['IPv4 in IPv6, in hexadecimal', '[::ffff:7f00:1]'],
  ['IPv4 in IPv6 as it was once written', '[::127.0.0.1]'],
  ['IPv4 translated to IPv6', '[64:ff9b::7f00:1]'],
  ['IPv4 in 6to4', '[2002:7f00:1::]'],
  ['IPv4 as a number', '2130706433'],
  ['IPv4 in octal', '0177.0.0.1'],
  ['IPv4 in hexadecimal', '0x7f.0x0.0x0.0x1'],
  ['IPv4 cut short', '127.1'],
  ['IPv4 with a dot at the end', '127.0.0.1.'],
  ['IPv4 in full-width digits', '１２７.０.０.１'],
  ['this network', '0.0.0.0'],
  ['nobody', '[::]'],
  ['private 10/8', '10.255.255.255'],
  ['private 172.16/12', '172.31.0.1'],
  ['private 192.168/16', '192.168.0.1'],
  ['private by IPv6', '[fd12:3456::1]'],
  ['carrier NAT', '100.64.0.1'],
  ['link-local', '169.254.1.1'],
  ['link-local by IPv6', '[fe80::1]'],
  ['site-local', '[fec0::1]'],
  ['the metadata of clouds', '169.254.169.254'],
  ['the metadata of one cloud by IPv6', '[fd00:ec2::254]'],
  ['multicast', '224.0.0.1'],
  ['multicast by IPv6', '[ff02::1]'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['benchmarks', '198.18.0.1'],
  ['documentation', '192.0.2.1'],
  ['documentation by IPv6', '[2001:db8::1]'],
])('does not call %s (%s)', async (_, host) => {
  for (const protocol of ['http', 'https'])
    expect(await faultOf(`${protocol}://${host}:${port}/`)).toBe('blocked');
  expect(calls).toEqual([]);
});

test('calls the public internet, over https alone', () => {
  const outbound = new Outbound([]);
  for (const host of ['93.184.215.14', '8.8.8.8', '172.32.0.1', '100.128.0.1', '[2606:2800:21f:cb07::1]']) {
    expect([host, outbound.faultOf(`https://${host}/`)]).toEqual([host, null]);
    expect([host, outbound.faultOf(`http://${host}/`)]).toEqual([host, 'insecure']);
  }
  expect(outbound.faultOf('https://example.com/')).toBeNull();
  expect(outbound.faultOf('http://example.com/')).toBe('insecure');
  for (const url of ['ftp://example.com/', 'file:///etc/passwd', 'example.com', ''])
    expect([url, outbound.faultOf(url)]).toEqual([url, 'blocked']);
});

test.each([
  ['a private address', ['10.0.0.1']],
  ['this machine', ['127.0.0.1']],
  ['this machine by IPv6', ['::1']],
  ['this machine by IPv4 in IPv6', ['::ffff:127.0.0.1']],
  ['a public and a private address', ['93.184.215.14', '127.0.0.1']],
  ['a private and a public address', ['127.0.0.1', '93.184.215.14']],
])('does not call a name that resolves to %s', async (_, addresses) => {
  const lookup = names(addresses);
  expect(await faultOf(`https://rebound.example:${port}/`, [], { lookup })).toBe('blocked');
  expect(await faultOf(`http://rebound.example:${port}/`, ['192.168.9.9'], { lookup })).toBe('blocked');
  expect(calls).toEqual([]);
});

test('judges the address it connects to: a name that resolves otherwise the next time gains nothing', async () => {
  const url = `http://rebound.example:${port}/`;
  // Allowed at first, and then this machine; the port is right, so a connection would succeed.
  const lookup = names(['127.0.0.1'], ['127.0.0.2']);
  const outbound = new Outbound(['127.0.0.1'], { lookup });
  expect((await outbound.call({ method: 'GET', url })).status).toBe(200);
  outbound.onApplicationShutdown();
  const fault = await outbound.call({ method: 'GET', url }).catch((error: OutboundError) => error.fault);
  expect(fault).toBe('blocked');
  expect(calls).toHaveLength(1);
});

test('calls what the operator allowed, by address or by range, over plain http too', async () => {
  for (const allowed of [['127.0.0.1'], ['127.0.0.0/8'], ['fd00::/8', '127.0.0.1/32']])
    expect(await faultOf(`http://127.0.0.1:${port}/`, allowed)).toBe('answered 200');
  expect(await faultOf(`http://[::ffff:127.0.0.1]:${port}/`, ['127.0.0.1'])).not.toBe('blocked');
  expect(await faultOf(`http://127.0.0.1:${port}/`, ['127.0.0.2', '::1'])).toBe('blocked');
  const lookup = names(['127.0.0.1']);
  expect(await faultOf(`http://inside.example:${port}/`, ['127.0.0.1'], { lookup })).toBe('answered 200');
  // The range is no licence for plain http to the rest of the world.
  const outside = names(['93.184.215.14']);
  expect(await faultOf(`http://outside.example:${port}/`, ['127.0.0.1'], { lookup: outside })).toBe(
    'insecure',
  );
});

test('follows no redirect', async () => {
  answering = (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  expect(await faultOf(`http://127.0.0.1:${port}/`, ['127.0.0.1'])).toBe('answered 302');
  expect(calls).toHaveLength(1);
});

test('sends method, headers and body, and gives back status, headers and body', async () => {
  const outbound = new Outbound(['127.0.0.1']);
  answering = (request, response) => {
    response.writeHead(201, { 'x-answer': String(request.headers['x-ask']) }).end('grüße');
  };
  const call = {
    method: 'POST',
    url: `http://127.0.0.1:${port}/a?b=c`,
    headers: { 'x-ask': '7' },
    body: 'ä',
  } as const;
  const { status, headers, body } = await outbound.call(call);
  expect([status, headers['x-answer'], body?.toString()]).toEqual([201, '7', 'grüße']);
  expect(calls).toEqual([{ method: 'POST', url: '/a?b=c', body: 'ä' }]);
  outbound.onApplicationShutdown();
});

test('reads no more than it may, and says so', async () => {
  const outbound = new Outbound(['127.0.0.1'], { mostBytes: 1000 });
  const ask = () => outbound.call({ method: 'GET', url: `http://127.0.0.1:${port}/` });
  answering = (_, response) => response.end('x'.repeat(1000));
  expect((await ask()).body).toHaveLength(1000);
  answering = (_, response) => response.end('x'.repeat(1001));
  expect(await ask()).toMatchObject({ status: 200, body: null });
  let sent = 0;
  answering = (_, response) => {
    const more = () => {
      sent += 65_536;
      if (!response.destroyed) response.write('x'.repeat(65_536), more);
    };
    more();
  };
  expect(await ask()).toMatchObject({ status: 200, body: null });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(sent).toBeLessThan(32 * 1_048_576);
  outbound.onApplicationShutdown();
});

test.each<[string, typeof answering]>([
  ['does not answer', () => {}],
  ['begins and does not end', (_, response) => response.writeHead(200).write('x')],
])('waits no longer than it may for a server that %s', async (_, answer) => {
  answering = answer;
  const began = performance.now();
  expect(await faultOf(`http://127.0.0.1:${port}/`, ['127.0.0.1'], { timeoutMs: 200 })).toBe('timeout');
  expect(performance.now() - began).toBeLessThan(1500);
});

test('a name that nobody knows is unreachable, and nothing is thrown where nobody can catch it', async () => {
  // As node:dns answers: with an error and nothing else.
  const lookup = ((_name: string, _options: unknown, answer: (error: Error) => void) =>
    setImmediate(() => answer(new Error('ENOTFOUND')))) as unknown as LookupFunction;
  expect(await faultOf('https://nobody.example/', [], { lookup })).toBe('unreachable');
});

test('waits no longer than it may for a name', async () => {
  const lookup: LookupFunction = () => {};
  expect(await faultOf('https://slow.example/', [], { lookup, timeoutMs: 200 })).toBe('timeout');
});

test('ends when its caller does', async () => {
  const outbound = new Outbound(['127.0.0.1']);
  answering = () => {};
  const ending = new AbortController();
  const call = outbound.call({ method: 'GET', url: `http://127.0.0.1:${port}/`, signal: ending.signal });
  setTimeout(() => ending.abort(), 50);
  await expect(call).rejects.toMatchObject({ fault: 'aborted' });
  outbound.onApplicationShutdown();
});

test('is unreachable where nobody listens, the name is unknown, or the connection breaks', async () => {
  expect(await faultOf('http://127.0.0.1:1/', ['127.0.0.1'])).toBe('unreachable');
  const unknown: LookupFunction = (_, __, answer) => answer(new Error('ENOTFOUND'), []);
  expect(await faultOf('https://unknown.example/', [], { lookup: unknown })).toBe('unreachable');
  expect(await faultOf('https://empty.example/', [], { lookup: names([]) })).toBe('unreachable');
  answering = (request) => request.socket.destroy();
  expect(await faultOf(`http://127.0.0.1:${port}/`, ['127.0.0.1'])).toBe('unreachable');
  // No TLS there.
  expect(await faultOf(`https://127.0.0.1:${port}/`, ['127.0.0.1'])).toBe('unreachable');
});

test('calls once more where a connection that was kept open turns out to be closed', async () => {
  const outbound = new Outbound(['127.0.0.1']);
  const ask = () => outbound.call({ method: 'POST', url: `http://127.0.0.1:${port}/`, body: '{}' });
  await ask();
  let broken = 0;
  answering = (request, response) => {
    if (broken++ === 0) request.socket.destroy();
    else response.end();
  };
  expect((await ask()).status).toBe(200);
  expect(broken).toBe(2);
  outbound.onApplicationShutdown();
});
