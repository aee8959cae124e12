import { Inject, Injectable } from '@nestjs/common';
import type { LinkAnswer, LinkRequest } from '../contract/links.js';
import { InvalidInputError } from '../errors.js';
import type { Seal } from '../seal.js';
import { lintHeaders } from './headers-lint.js';
import { listHeaders } from './list-headers.js';
import { PreferencePorts, PreferenceSettings } from './ports.js';
import { LinkTooLong, linkSeal, sealLink } from './token.js';

/** Makes the link and the headers of one message to one person. */
@Injectable()
export class LinksService {
  private readonly seal: Seal;

  constructor(
    @Inject(PreferencePorts) private readonly ports: PreferencePorts,
    @Inject(PreferenceSettings) private readonly settings: PreferenceSettings,
  ) {
    this.seal = linkSeal(settings.secrets);
  }

  /** @throws InvalidInputError naming the field that makes the link too long */
  async link({ subscriber, message, all_option_shown, legal_basis }: LinkRequest): Promise<LinkAnswer> {
    const { channel, category, origin } = message;
    const [subject, stream] = await Promise.all([
      this.ports.linkSubject(subscriber, channel),
      this.ports.ensureStream(channel, category, origin),
    ]);
    const token = this.sealed({
      ...subject,
      stream: { channel, category, origin },
      audience: message.audience ?? null,
      campaign: message.campaign,
      messageId: message.message_id,
      allOptionShown: all_option_shown,
      legalBasis: legal_basis ?? null,
      issuedAt: Math.floor(this.settings.now() / 60_000),
    });
    const url = `${this.settings.publicUrl}/u/${token}`;
    const mailto = channel === 'email' ? this.mailtoOf(token) : null;
    const headers = listHeaders(url, mailto, stream, new URL(this.settings.publicUrl).hostname);
    // A trial installation has an http address: its headers say so honestly, and everything else must hold.
    const faults = lintHeaders(Object.entries(headers)).filter(
      ({ code }) => code !== 'http' && code !== 'no_https',
    );
    if (faults.length > 0) {
      throw InvalidInputError.field(
        'message',
        `gives headers that mail receivers refuse: ${faults[0]?.detail}`,
      );
    }
    return { url, headers };
  }

  /** The token stands in the subject: a local part has room for 64 octets. */
  private mailtoOf(token: string): string | null {
    const { unsubscribeMailbox } = this.settings;
    return unsubscribeMailbox === null ? null : `mailto:${unsubscribeMailbox}?subject=unsubscribe%20${token}`;
  }

  private sealed(content: Parameters<typeof sealLink>[1]): string {
    try {
      return sealLink(this.seal, content);
    } catch (error) {
      if (!(error instanceof LinkTooLong)) throw error;
      throw InvalidInputError.field(`message.${error.field}`, error.message);
    }
  }
}
