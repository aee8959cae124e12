import { randomUUID } from 'node:crypto';
import type { TargetChange, TargetDefinition } from '../contract/targets.js';
import type { Database } from '../database.module.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../errors.js';
import type { Outbound } from '../outbound.js';
import { Seal } from '../seal.js';
import type { Secrets } from '../secrets.js';
import type { StreamsService } from '../streams/streams.service.js';
import { dataCentreOf } from './mailchimp.js';
import { newSigningSecret } from './standard-webhook.js';
import {
  changed,
  openSecrets,
  rotated,
  sealSecrets,
  type Target,
  type TargetSecrets,
  targetColumns,
  targetLine,
  targetOf,
} from './target.js';

/** Each decision goes to all of them, and each has a line of work of its own. */
const mostTargets = 50;

/** The definitions of targets. Read from the engine each time: another process may have changed them. */
export class TargetsService {
  readonly #seal: Seal;
  readonly #listeners: (() => void)[] = [];

  constructor(
    private readonly engine: Database,
    secrets: Secrets,
    private readonly outbound: Outbound,
    private readonly streams: StreamsService,
  ) {
    const keys = secrets.keys('targets').map(({ key }) => key.toString('base64'));
    this.#seal = new Seal('targets', 1, keys);
  }

  /** Called after a target was changed in this process. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Deleted ones too, oldest first. @throws EngineAwayError */
  async all(): Promise<Target[]> {
    return (await this.engine.query('targets/all_targets', {})).map(targetOf);
  }

  /** @throws NotFoundError @throws EngineAwayError */
  async byId(id: string): Promise<Target> {
    const found = (await this.all()).find((target) => target.id === id && !target.deleted);
    if (found === undefined) throw new NotFoundError(`There is no target ${id}`);
    return found;
  }

  /** null when they were sealed under a secret that is gone. */
  secretsOf({ sealed }: Target): TargetSecrets | null {
    return openSecrets(this.#seal, sealed);
  }

  /** @returns the signing secret beside the target: it is told here and never again; null for kinds that sign nothing */
  async create(
    definition: TargetDefinition,
    by: string,
    now: number,
  ): Promise<{ target: Target; secret: string | null }> {
    const targets = await this.all();
    if (targets.filter(({ deleted }) => !deleted).length >= mostTargets)
      throw new ConflictError(`There are ${mostTargets} targets already`);
    const apiKey = 'api_key' in definition ? definition.api_key : null;
    this.#check(definition, apiKey);
    const secret = definition.kind === 'webhook' ? newSigningSecret() : null;
    const signing = secret === null ? [] : [{ secret, until: null }];
    const target: Target = {
      id: randomUUID(),
      version: now,
      kind: definition.kind,
      ...fieldsOf(definition),
      sealed: sealSecrets(this.#seal, { signing, apiKey }),
      enabled: definition.enabled ?? true,
      disabledFor: '',
      since: definition.since === undefined ? await this.#lastSeq() : Number(definition.since),
      createdAt: now,
      changedAt: now,
      changedBy: by,
      deleted: false,
    };
    await this.#store(target);
    return { target, secret };
  }

  async change(id: string, change: TargetChange, by: string, now: number): Promise<Target> {
    const target = await this.byId(id);
    if (target.kind !== change.kind) throw InvalidInputError.field('kind', `must stay ${target.kind}`);
    const fields = fieldsOf(change);
    const given = 'api_key' in change ? change.api_key : undefined;
    const secrets = this.secretsOf(target);
    // Else whoever may change a target could have its key sent to a server of their own.
    if (change.kind !== 'webhook' && given === undefined && (fields.url !== target.url || secrets === null))
      throw InvalidInputError.field('api_key', 'must be given anew when the address changes');
    if (secrets === null && change.kind === 'webhook')
      throw new ConflictError(
        'Its secret was sealed under one that SECATEUR_SECRET no longer lists: rotate it',
      );
    const apiKey = given ?? secrets?.apiKey ?? null;
    this.#check(change, apiKey);
    const enabled = change.enabled ?? target.enabled;
    const next = changed(
      target,
      {
        ...fields,
        sealed: sealSecrets(this.#seal, { signing: secrets?.signing ?? [], apiKey }),
        enabled,
        disabledFor: enabled ? '' : target.disabledFor,
      },
      by,
      now,
    );
    await this.#store(next);
    return next;
  }

  /** Nothing is sent to it any more, and its secrets are gone; its receipts stay. */
  async remove(id: string, by: string, now: number): Promise<Target> {
    const next = changed(await this.byId(id), { deleted: true, enabled: false, sealed: '' }, by, now);
    await this.#store(next);
    return next;
  }

  /** A new signing secret; the old one signs beside it for 24 hours. */
  async rotate(id: string, by: string, now: number): Promise<{ target: Target; secret: string }> {
    const target = await this.byId(id);
    if (target.kind !== 'webhook')
      throw new ConflictError('Only a webhook has a signing secret: change the key of this target with PUT');
    const secret = newSigningSecret();
    const secrets = rotated(this.secretsOf(target) ?? { signing: [], apiKey: null }, secret, now);
    const next = changed(target, { sealed: sealSecrets(this.#seal, secrets) }, by, now);
    await this.#store(next);
    return { target: next, secret };
  }

  /** Unless somebody changed it since. @throws EngineAwayError */
  async disable(target: Target, reason: string, now: number): Promise<void> {
    const newest = (await this.all()).find(({ id }) => id === target.id);
    if (newest?.version !== target.version) return;
    await this.#store(changed(newest, { enabled: false, disabledFor: reason }, 'system', now));
  }

  /** @throws InvalidInputError that names the field */
  #check(definition: TargetChange | TargetDefinition, apiKey: string | null): void {
    const { url } = definition;
    const fault = url === undefined ? null : this.outbound.faultOf(url);
    if (fault === 'insecure') throw InvalidInputError.field('url', 'must be https');
    if (fault !== null)
      throw InvalidInputError.field(
        'url',
        'must not be an address off the public internet, unless SECATEUR_PRIVATE_TARGETS lists it',
      );
    if (definition.kind === 'webhook') return;
    const [field, streams] =
      definition.kind === 'sendgrid'
        ? ['groups', definition.options.groups]
        : ['lists', definition.options.lists];
    for (const key of Object.keys(streams)) {
      const channel = this.streams.catalogue.latest(key)?.channel ?? 'email';
      if (channel !== 'email')
        throw InvalidInputError.field(`options.${field}.${key}`, 'must be a stream of e-mail');
    }
    if (definition.kind !== 'mailchimp' || url !== undefined) return;
    if (definition.options.data_centre === undefined && dataCentreOf(apiKey ?? '') === null)
      throw InvalidInputError.field('options.data_centre', 'must be given: the key does not end with one');
  }

  async #lastSeq(): Promise<number> {
    const [row] = await this.engine.query('opt-outs/last_seq', {});
    return row?.seq ?? 0;
  }

  async #store(target: Target): Promise<void> {
    await this.engine.insert('targets', targetColumns, targetLine(target), null);
    for (const listener of this.#listeners) listener();
  }
}

function fieldsOf({
  name,
  url,
  options,
}: TargetChange | TargetDefinition): Pick<Target, 'name' | 'url' | 'options'> {
  return {
    name: name.toWellFormed(),
    url: url === undefined ? '' : new URL(url).href,
    options: options ?? {},
  };
}
