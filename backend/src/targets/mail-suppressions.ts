import type { PermissionChange } from '../contract/permissions.js';
import type { Database } from '../database.module.js';
import type { PermissionsService } from '../permissions/permissions.service.js';
import type { SubscriberDirectory } from '../subscribers/directory.js';
import { noId, normaliseIdentifier } from '../subscribers/identifiers.js';
import { type Suppression, suppressionOf, type Undone } from './suppression.js';

/** An address and what a provider is to be told about it; `null` and the reason when there is nobody to write about. */
export type MailSuppression =
  | { readonly email: string; readonly suppression: Suppression }
  | { readonly email: null; readonly reason: string };

/** What a decision means for somebody's e-mail at a provider, from the ledger and the sealed profile. */
export class MailSuppressions {
  constructor(
    private readonly engine: Database,
    private readonly directory: SubscriberDirectory,
    private readonly permissions: PermissionsService,
  ) {}

  /** @throws EngineAwayError */
  async of(change: PermissionChange, now: number): Promise<MailSuppression> {
    const { person } = change;
    if (person === null) return { email: null, reason: 'nobody is known behind the address' };
    const subject = (await this.directory.byPerson([person])).get(person);
    const profile = subject === undefined ? null : this.directory.profile(subject);
    if (subject === undefined || profile === null) return { email: null, reason: 'the person was erased' };
    if (profile.email === null || profile.email === '')
      return { email: null, reason: 'no e-mail address is known' };
    const [{ streams: standings, statements }, undone] = await Promise.all([
      this.permissions.standings(subject, now, 'ignore'),
      this.#undoneBy(change),
    ]);
    const subjects = [subject.person, subject.emailId].filter((id) => id !== noId);
    const everClosed = this.permissions.everClosed(subject, statements);
    return {
      email: normaliseIdentifier('email', profile.email),
      suppression: suppressionOf({ change, standings, statements, subjects, everClosed, undone, now }),
    };
  }

  async #undoneBy({ voids }: PermissionChange): Promise<Undone[]> {
    const found = await Promise.all(voids.map((id) => this.engine.query('audit/decision_by_id', { id })));
    return found.flat().map((row) => ({ streamsStopped: row.streams_stopped, effective: row.effective }));
  }
}
