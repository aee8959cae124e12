import { Inject, Injectable } from '@nestjs/common';
import { EngineAwayError } from '@secateur/sql';
import { CONFIG, type Config } from '../config.js';
import type { Channel } from '../contract/vocabulary.js';
import { type Database, ENGINE } from '../database.module.js';
import { OptOutsModule } from '../opt-outs/opt-outs.module.js';
import { OptOutsService } from '../opt-outs/opt-outs.service.js';
import type { Incoming, Outcome, Who } from '../opt-outs/request.js';
import { permission as permissionOf } from '../permissions/permission.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { PermissionsService, type StreamStanding } from '../permissions/permissions.service.js';
import type { Statement } from '../permissions/statement.js';
import { SECRETS, type Secrets } from '../secrets.js';
import type { CataloguedStream } from '../streams/stream.js';
import { StreamsModule } from '../streams/streams.module.js';
import { StreamsService } from '../streams/streams.service.js';
import { SubscriberDirectory } from '../subscribers/directory.js';
import { noId } from '../subscribers/identifiers.js';
import { identifierFor, type Subject } from '../subscribers/subject.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { SubscribersService } from '../subscribers/subscribers.service.js';
import { maskEmail, maskPhone } from './mask.js';
import {
  type EdgeCatalogue,
  type LinkSubject,
  type PersonalStream,
  PreferencePorts,
  PreferenceSettings,
} from './ports.js';
import { PreferencesModule } from './preferences.module.js';
import { streamByHash } from './stream-hashes.js';
import { linkSecrets } from './token.js';

@Injectable()
export class PreferenceBindings extends PreferencePorts {
  readonly noteReason = null;

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    @Inject(OptOutsService) private readonly optOuts: OptOutsService,
    @Inject(PermissionsService) private readonly permissions: PermissionsService,
    @Inject(StreamsService) private readonly streams: StreamsService,
    @Inject(SubscribersService) private readonly subscribers: SubscribersService,
    @Inject(SubscriberDirectory) private readonly directory: SubscriberDirectory,
  ) {
    super();
  }

  submit(incoming: Incoming[]): Promise<Outcome[]> {
    return this.optOuts.submit(incoming);
  }

  async streamsOf(who: Who, channel: Channel): Promise<PersonalStream[] | null> {
    try {
      const known = await this.#subjectOf(who);
      if (known === null) return [];
      const subject = who.identifier === undefined ? known : reachedAt(known, channel, who.identifier);
      const now = Date.now();
      const [{ streams, statements }, spells] = await Promise.all([
        this.permissions.standings(subject, now),
        this.engine.query('opt-outs/spells_by_person', { ids: subject.person }),
      ]);
      const spelled = new Set(spells.map((spell) => spell.stream));
      return streams.map(({ stream, permission }) => ({
        stream,
        allowed: permission.allowed,
        reason: this.#isStoppedBeneath({ stream, permission }, subject, statements, now)
          ? 'opt_out'
          : permission.reason,
        subscribed: spelled.has(stream.key) || permission.reason === 'opt_in',
      }));
    } catch (error) {
      if (error instanceof EngineAwayError) return null;
      throw error;
    }
  }

  async linkSubject(subscriber: string, channel: Channel): Promise<LinkSubject> {
    const id = this.directory.idOf('external', subscriber);
    let subject = (await this.directory.byExternalId([id])).get(id);
    if (subject === undefined) {
      await this.subscribers.upsert([{ profile: { id: subscriber }, receivedAt: Date.now() }]);
      subject = (await this.directory.byExternalId([id])).get(id);
      if (subject === undefined) throw new Error('a subscriber that was just made is not there');
    }
    return { person: subject.person, externalId: id, identifier: identifierFor(channel, subject, noId) };
  }

  ensureStream(channel: Channel, category: string, origin: string): Promise<CataloguedStream> {
    return this.streams.register(channel, category, origin, Date.now());
  }

  catalogue(): EdgeCatalogue {
    const { catalogue } = this.streams;
    return {
      byKey: (key) => catalogue.get(key),
      byTriple: (channel, category, origin) => catalogue.find(channel, category, origin),
      byHash: (channel, hash) => streamByHash(catalogue, channel, hash),
    };
  }

  async addressHint(who: Who): Promise<string | null> {
    const subject = await this.#subjectOf(who);
    const profile = subject === null ? null : this.directory.profile(subject);
    if (profile === null || subject === null) return null;
    if (who.identifier === subject.phoneId && profile.phone !== null) return maskPhone(profile.phone);
    const isTheirs = who.identifier === undefined || who.identifier === subject.emailId;
    return isTheirs && profile.email !== null ? maskEmail(profile.email) : null;
  }

  /** A hold, or a later pause, is the reason that is told even where an opt-out stands beside it. */
  #isStoppedBeneath(
    { stream, permission }: StreamStanding,
    subject: Subject,
    statements: readonly Statement[],
    now: number,
  ): boolean {
    if (permission.reason !== 'hold' && permission.reason !== 'pause') return false;
    const others = statements.filter(({ effect }) => effect !== 'hold' && effect !== 'pause');
    const question = {
      person: subject.person,
      identifier: identifierFor(stream.channel, subject, noId),
      stream,
      parents: this.streams.catalogue.parents(stream),
      jurisdictions: [],
    };
    return permissionOf(others, question, now).reason === 'opt_out';
  }

  async #subjectOf(who: Who): Promise<Subject | null> {
    if (who.person === undefined) return null;
    return (await this.directory.byPerson([who.person])).get(who.person) ?? null;
  }
}

/** The person as reached at the identifier of a link: what was stopped there counts, whatever the profile says now. */
function reachedAt(subject: Subject, channel: Channel, identifier: string): Subject {
  if (channel === 'email') return { ...subject, emailId: identifier };
  if (channel === 'push') return { ...subject, pushId: identifier };
  if (channel === 'sms' || channel === 'voice' || channel === 'whatsapp')
    return { ...subject, phoneId: identifier };
  return subject;
}

/** The public edge on the real services. */
export const preferencesModule = PreferencesModule.with({
  imports: [OptOutsModule, PermissionsModule, StreamsModule, SubscribersModule],
  providers: [
    { provide: PreferencePorts, useClass: PreferenceBindings },
    {
      provide: PreferenceSettings,
      inject: [CONFIG, SECRETS],
      useFactory: (config: Config, secrets: Secrets): PreferenceSettings => ({
        publicUrl: config.publicUrl,
        secrets: linkSecrets(secrets),
        unsubscribeMailbox: config.unsubscribeMailbox,
        now: Date.now,
      }),
    },
  ],
});
