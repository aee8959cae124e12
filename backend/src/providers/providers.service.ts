import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG, type Config } from '../config.js';
import {
  type Provider,
  type ProviderChange,
  type ProviderStream,
  type ProviderStreamChange,
  type ProviderView,
  providers,
} from '../contract/providers.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../errors.js';
import { canonicalRef, ownPlace, type StreamMap } from '../intake/stream-refs.js';
import { Seal } from '../seal.js';
import { SECRETS, type Secrets } from '../secrets.js';
import { Settings } from '../settings/settings.service.js';
import { streamView } from '../streams/streams.controller.js';
import { StreamsService } from '../streams/streams.service.js';
import type { ProviderAdapter } from './adapter.js';
import { adapters } from './adapters/index.js';

const Stored = z.object({
  enabled: z.boolean(),
  /** Sealed, base64. */
  secrets: z.array(z.string()),
  topics: z.array(z.string()),
  certificates: z.record(z.string(), z.string()),
});
type Stored = z.infer<typeof Stored>;
const StoredMap = z.record(z.string(), z.array(z.string()));

const unset: Stored = { enabled: false, secrets: [], topics: [], certificates: {} };

/** A connected provider, ready to be asked. */
export interface Connection {
  adapter: ProviderAdapter;
  secrets: readonly string[];
  topics: readonly string[];
  certificates: Readonly<Record<string, string>>;
  streams: StreamMap;
}

/** What a provider sent since the service was started. */
interface Traffic {
  lastCallAt: number | null;
  calls: number;
  refused: number;
  events: number;
  skipped: Map<string, number>;
}

/** A stranger may send any word as a type: more than this are counted together. */
const mostWords = 100;

/** Which providers are connected, with which secrets, and what their groups and lists stand for. */
@Injectable()
export class ProvidersService {
  readonly #seal: Seal;
  readonly #traffic = new Map<Provider, Traffic>();

  constructor(
    private readonly settings: Settings,
    private readonly streams: StreamsService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SECRETS) secrets: Secrets,
  ) {
    this.#seal = new Seal(
      'provider',
      1,
      secrets.keys('provider').map(({ key }) => key.toString('base64')),
    );
  }

  /** undefined for a provider that is not connected. */
  connection(provider: Provider): Connection | undefined {
    const adapter = adapters.get(provider);
    const { enabled, secrets, topics, certificates } = this.#stored(provider);
    if (adapter === undefined || !enabled) return undefined;
    const opened = secrets.flatMap((sealed) => {
      const text = this.#seal.open(Buffer.from(sealed, 'base64'));
      return text === null ? [] : [text.toString('utf8')];
    });
    return { adapter, secrets: opened, topics, certificates, streams: this.#map(provider) };
  }

  list(): ProviderView[] {
    return providers.flatMap((provider) => {
      const adapter = adapters.get(provider);
      return adapter === undefined ? [] : [this.#view(adapter)];
    });
  }

  /** @throws EngineAwayError */
  async change(provider: Provider, change: ProviderChange, by: string): Promise<ProviderView> {
    const adapter = adapters.get(provider);
    if (adapter === undefined) throw new NotFoundError(`There is no provider ${provider}`);
    await this.settings.change(settingOf(provider), by, () => {
      const now = this.#stored(provider);
      const { secrets, enabled, topics, certificates } = change;
      const next: Stored = {
        // Who gives a secret wants to use it.
        enabled: enabled ?? (now.enabled || (secrets !== undefined && secrets.length > 0)),
        secrets: secrets?.map((text) => this.#seal.seal(Buffer.from(text)).toString('base64')) ?? now.secrets,
        topics: topics ?? now.topics,
        certificates: certificates ?? now.certificates,
      };
      if (next.enabled && next.secrets.length === 0 && adapter.isKeyless !== true) {
        throw InvalidInputError.field('secrets', 'must hold one before the provider can be enabled');
      }
      return next;
    });
    return this.#view(adapter);
  }

  /**
   * Says which streams a group or list of the provider stands for. What people said to it before is kept: a stream that
   * inherits from nobody inherits from the group's own from now on (INV-2919-2).
   * @throws ConflictError where a stream has another parent, and statements to the group would be orphaned
   * @throws EngineAwayError
   */
  async mapStream(
    provider: Provider,
    { ref, channel, streams }: ProviderStreamChange,
    by: string,
  ): Promise<ProviderStream> {
    const canonical = canonicalRef(ref, provider);
    const { catalogue } = this.streams;
    const own = ownPlace(canonical, channel, provider);
    const registered = catalogue.find(own.channel, own.category, own.origin);
    const chosen = [...new Set(streams)].map((key, index) => {
      const stream = catalogue.latest(key);
      if (stream === undefined)
        throw InvalidInputError.field(`streams[${index}]`, `there is no stream ${key}`);
      if (stream.channel !== channel)
        throw InvalidInputError.field(
          `streams[${index}]`,
          `is a stream of ${stream.channel}, not ${channel}`,
        );
      if (registered !== undefined && key !== registered.key && !this.#inherits(key, registered.key)) {
        if (stream.parent !== null) {
          throw new ConflictError(
            `streams[${index}]: ${key} inherits from ${stream.parent}; what people said to ${ref} would not reach it`,
          );
        }
      }
      return stream;
    });
    for (const stream of chosen) {
      if (registered === undefined || stream.key === registered.key) continue;
      if (this.#inherits(stream.key, registered.key)) continue;
      const { key: _, version: __, changed_at: ___, reviewed: ____, ...definition } = streamView(stream);
      await this.streams.define(stream.key, { ...definition, parent: registered.key }, by, Date.now());
    }
    const keys = chosen.map(({ key }) => key);
    await this.settings.change(mapSettingOf(provider), by, () => {
      const { [canonical]: _, ...rest } = this.#map(provider);
      return keys.length === 0 ? rest : { ...rest, [canonical]: keys };
    });
    return {
      ref: canonical,
      channel,
      ...(registered === undefined ? {} : { registered: registered.key }),
      streams: keys,
    };
  }

  note(
    provider: Provider,
    what: 'refused' | { events: number; skipped: Readonly<Record<string, number>> },
  ): void {
    const traffic = this.#trafficOf(provider);
    traffic.lastCallAt = Date.now();
    traffic.calls++;
    if (what === 'refused') {
      traffic.refused++;
      return;
    }
    traffic.events += what.events;
    for (const [word, times] of Object.entries(what.skipped)) {
      const known =
        traffic.skipped.has(word) || traffic.skipped.size < mostWords ? word.slice(0, 100) : 'others';
      traffic.skipped.set(known, (traffic.skipped.get(known) ?? 0) + times);
    }
  }

  #inherits(key: string, from: string): boolean {
    const stream = this.streams.catalogue.get(key);
    return (
      stream !== undefined &&
      this.streams.catalogue.parents(stream).some((one) => one.stream.key === from && one.until === Infinity)
    );
  }

  #stored(provider: Provider): Stored {
    const stored = Stored.safeParse(this.settings.get(settingOf(provider)));
    return stored.success ? stored.data : unset;
  }

  #map(provider: Provider): StreamMap {
    const stored = StoredMap.safeParse(this.settings.get(mapSettingOf(provider)));
    return stored.success ? stored.data : {};
  }

  #trafficOf(provider: Provider): Traffic {
    const known = this.#traffic.get(provider);
    if (known !== undefined) return known;
    const fresh: Traffic = { lastCallAt: null, calls: 0, refused: 0, events: 0, skipped: new Map() };
    this.#traffic.set(provider, fresh);
    return fresh;
  }

  #view({ provider, title, authentication }: ProviderAdapter): ProviderView {
    const { enabled, secrets, topics } = this.#stored(provider);
    const { lastCallAt, calls, refused, events, skipped } = this.#trafficOf(provider);
    const secretPart = authentication.includes('signature') ? '' : '/<secret>';
    return {
      provider,
      title,
      authentication: [...authentication],
      enabled,
      secrets: secrets.length,
      topics,
      url: `${this.config.publicUrl}/v1/webhooks/${provider}${secretPart}`,
      last_call_at: lastCallAt === null ? null : new Date(lastCallAt).toISOString(),
      calls,
      refused,
      events,
      skipped: Object.fromEntries(skipped),
      streams: this.#streamsOf(provider),
    };
  }

  /** What was mapped, and what registered itself and waits to be. */
  #streamsOf(provider: Provider): ProviderStream[] {
    const map = this.#map(provider);
    const found = new Map<string, ProviderStream>();
    for (const { key, channel, category, origin } of this.streams.all()) {
      if (origin !== provider || category === 'unknown') continue;
      const ref = `${origin}:${category}`;
      found.set(ref, { ref, channel, registered: key, streams: [...(map[ref] ?? [])] });
    }
    for (const [ref, streams] of Object.entries(map)) {
      if (found.has(ref)) continue;
      const channel = this.streams.catalogue.get(streams[0] ?? '')?.channel ?? 'email';
      found.set(ref, { ref, channel, streams: [...streams] });
    }
    return [...found.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  }
}

const settingOf = (provider: Provider): string => `provider:${provider}`;
const mapSettingOf = (provider: Provider): string => `provider-streams:${provider}`;
