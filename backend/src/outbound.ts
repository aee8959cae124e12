import { lookup as systemLookup } from 'node:dns';
import { Agent as HttpAgent, type IncomingHttpHeaders, request as requestByHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { OnApplicationShutdown } from '@nestjs/common';
import ipaddr from 'ipaddr.js';

/** One call to somebody else's server. */
export interface OutboundCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the call from outside. */
  readonly signal?: AbortSignal;
}

export interface OutboundAnswer {
  /** Redirects are answers like any other: nothing follows them. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** null when it is larger than 64 KiB: the rest was not read. */
  readonly body: Buffer | null;
}

/**
 * - `blocked`: the address lies off the public internet and nobody allowed it
 * - `insecure`: plain http to an address that is not allowed by name
 * - `unreachable`: no such name, no connection, no trusted certificate, or it broke
 * - `timeout`: no whole answer in time
 * - `aborted`: ended by the caller
 */
export type OutboundFault = 'blocked' | 'insecure' | 'unreachable' | 'timeout' | 'aborted';

/** There was no answer. The message is constant: names and addresses stay out of logs. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';

  constructor(readonly fault: OutboundFault) {
    super(fault);
  }
}

export interface OutboundOptions {
  /** Milliseconds for the whole call, from the name's lookup to the last byte. @default 10000 */
  readonly timeoutMs?: number;
  /** @default 65536 */
  readonly mostBytes?: number;
  /** How names are resolved. @default that of the system */
  readonly lookup?: LookupFunction;
}

const publicV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Calls servers on the public internet, and those that the operator allowed (`SECATEUR_PRIVATE_TARGETS`).
 *
 * The address is judged where the connection takes it: a literal before the call, a name by the very answer that the
 * socket is opened with, so a name that resolves otherwise the next moment gains nothing. A name with one address that
 * is not allowed is refused whole.
 */
export class Outbound implements OnApplicationShutdown {
  readonly #allowed: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true });

  /** @param allowed addresses and CIDR ranges off the public internet that may be called, over plain http, too */
  constructor(
    allowed: readonly string[],
    private readonly options: OutboundOptions = {},
  ) {
    this.#allowed = allowed.map((text) =>
      text.includes('/')
        ? ipaddr.parseCIDR(text)
        : ipaddr.parseCIDR(`${text}/${isIP(text) === 4 ? 32 : 128}`),
    );
  }

  onApplicationShutdown(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  /** May a connection to this address be opened, and is it one that the operator named? */
  judge(address: string): 'public' | 'allowed' | 'blocked' {
    if (isIP(address) === 0) return 'blocked';
    // An IPv4 address in the clothes of IPv6 is what it wraps.
    const parsed = ipaddr.process(address);
    const isNamed = this.#allowed.some(
      ([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits),
    );
    if (isNamed) return 'allowed';
    if (parsed.range() !== 'unicast') return 'blocked';
    return parsed.kind() === 'ipv4' || parsed.match(publicV6) ? 'public' : 'blocked';
  }

  /** What is wrong with an address before anybody calls it; null when a call may be tried. */
  faultOf(url: string): OutboundFault | null {
    if (!URL.canParse(url)) return 'blocked';
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:' && protocol !== 'http:') return 'blocked';
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(host) !== 0) return this.#faultOfAddress(host, protocol);
    // Where nothing is allowed, nothing may be called over plain http, whatever the name resolves to.
    return protocol === 'http:' && this.#allowed.length === 0 ? 'insecure' : null;
  }

  /** @throws OutboundError */
  async call(call: OutboundCall): Promise<OutboundAnswer> {
    const fault = this.faultOf(call.url);
    if (fault !== null) throw new OutboundError(fault);
    const timeout = AbortSignal.timeout(this.options.timeoutMs ?? 10_000);
    const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
    try {
      return await this.#send(call, signal);
    } catch (error) {
      if (error instanceof OutboundError) throw error;
      if (call.signal?.aborted) throw new OutboundError('aborted');
      throw new OutboundError(timeout.aborted ? 'timeout' : 'unreachable');
    }
  }

  async #send(call: OutboundCall, signal: AbortSignal): Promise<OutboundAnswer> {
    try {
      return await this.#sendOnce(call, signal);
    } catch (error) {
      // The server closed a connection kept open just as it was taken again: once more, over a new one.
      if (error instanceof StaleConnection && !signal.aborted) return this.#sendOnce(call, signal);
      throw error;
    }
  }

  #sendOnce({ method, url, headers, body }: OutboundCall, signal: AbortSignal): Promise<OutboundAnswer> {
    const { protocol } = new URL(url);
    const isSecure = protocol === 'https:';
    const open = isSecure ? requestByHttps : requestByHttp;
    return new Promise((resolve, reject) => {
      const request = open(url, {
        method,
        headers: {
          'user-agent': 'Secateur',
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
        agent: isSecure ? this.#https : this.#http,
        lookup: this.#lookupFor(protocol),
        signal,
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        const isStale = request.reusedSocket && error.code === 'ECONNRESET';
        reject(isStale ? new StaleConnection() : error);
      });
      request.on('response', (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        const most = this.options.mostBytes ?? 65_536;
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= most) chunks.push(chunk);
          else {
            resolve({ status, headers: answered, body: null });
            response.destroy();
          }
        });
        response.on('end', () => resolve({ status, headers: answered, body: Buffer.concat(chunks) }));
        response.on('error', reject);
      });
      request.end(body);
    });
  }

  /** The socket connects to what this answers and to nothing else. */
  #lookupFor(protocol: string): LookupFunction {
    const resolve = this.options.lookup ?? systemLookup;
    return (hostname, options, answer) => {
      resolve(hostname, { ...options, all: true }, (error, found) => {
        // With an error there is no second argument, whatever the types say.
        if (error !== null) return answer(error, []);
        const addresses = typeof found === 'string' ? [] : found;
        const [first] = addresses;
        if (first === undefined) return answer(new OutboundError('unreachable'), []);
        const faults = addresses.flatMap(({ address }) => this.#faultOfAddress(address, protocol) ?? []);
        const [fault] = faults;
        if (fault !== undefined)
          return answer(new OutboundError(faults.includes('blocked') ? 'blocked' : fault), []);
        if (options.all === true) answer(null, addresses);
        else answer(null, first.address, first.family);
      });
    };
  }

  #faultOfAddress(address: string, protocol: string): OutboundFault | null {
    const judged = this.judge(address);
    if (judged === 'blocked') return 'blocked';
    return protocol === 'http:' && judged !== 'allowed' ? 'insecure' : null;
  }
}

class StaleConnection extends Error {}
