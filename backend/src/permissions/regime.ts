import type { Channel, LegalBasis, Regime } from '../contract/vocabulary.js';
import { type Region, regionOf } from '../opt-outs/jurisdiction.js';
import type { CataloguedStream } from '../streams/stream.js';

/**
 * What a legal basis means where nobody has said anything. Implied consent lasts only as long as the statement that
 * records it (CASL s.10(9)), so without a live statement there is none.
 */
const regimeOfBasis: Readonly<Record<LegalBasis, Regime>> = {
  explicit_consent: 'opt_in',
  double_opt_in: 'opt_in',
  consent: 'opt_in',
  implied_consent: 'opt_in',
  soft_opt_in: 'opt_out',
  legitimate_interest: 'opt_out',
  contract: 'opt_out',
};

interface RegimeRule {
  region: Region | 'any';
  channel: Channel;
  regime: Regime;
  source: string;
}

/**
 * Advertising where the stream names neither regime nor legal basis. The row of the region wins over `any`; whatever
 * has no row needs consent.
 */
export const regimeTable: readonly RegimeRule[] = [
  { region: 'US', channel: 'email', regime: 'opt_out', source: 'CAN-SPAM, 15 USC 7704(a)(4)' },
  { region: 'US', channel: 'sms', regime: 'opt_in', source: 'TCPA, 47 CFR 64.1200(a)(2)' },
  { region: 'US', channel: 'voice', regime: 'opt_in', source: 'TCPA, 47 CFR 64.1200(a)(2)-(3)' },
  {
    region: 'US',
    channel: 'in_app',
    regime: 'opt_out',
    source: 'no statute asks for consent inside an own app',
  },
  {
    region: 'US',
    channel: 'web',
    regime: 'opt_out',
    source: 'Cal. Civ. 1798.120: opt-out of sale and sharing',
  },
  { region: 'US', channel: 'post', regime: 'opt_out', source: 'no federal consent rule for letters' },
  { region: 'EU', channel: 'email', regime: 'opt_in', source: 'ePrivacy Directive Art. 13(1)' },
  { region: 'EU', channel: 'sms', regime: 'opt_in', source: 'ePrivacy Directive Art. 13(1)' },
  { region: 'EU', channel: 'post', regime: 'opt_out', source: 'GDPR recital 47: direct marketing by letter' },
  { region: 'UK', channel: 'email', regime: 'opt_in', source: 'PECR reg. 22' },
  { region: 'UK', channel: 'sms', regime: 'opt_in', source: 'PECR reg. 22' },
  { region: 'UK', channel: 'post', regime: 'opt_out', source: 'UK GDPR recital 47' },
  { region: 'CA', channel: 'email', regime: 'opt_in', source: 'CASL s.6' },
  { region: 'CA', channel: 'sms', regime: 'opt_in', source: 'CASL s.6' },
  { region: 'CA', channel: 'post', regime: 'opt_out', source: 'CASL covers electronic messages only' },
  { region: 'AU', channel: 'email', regime: 'opt_in', source: 'Spam Act 2003 s.16' },
  { region: 'AU', channel: 'sms', regime: 'opt_in', source: 'Spam Act 2003 s.16' },
  { region: 'AU', channel: 'post', regime: 'opt_out', source: 'Privacy Act 1988, APP 7.2' },
  { region: 'BR', channel: 'email', regime: 'opt_in', source: 'LGPD Arts 7-8' },
  { region: 'BR', channel: 'sms', regime: 'opt_in', source: 'LGPD Arts 7-8' },
  { region: 'IN', channel: 'email', regime: 'opt_in', source: 'DPDP Act 2023 s.6' },
  { region: 'IN', channel: 'sms', regime: 'opt_in', source: 'TCCCPR 2018 with the amendment of 2025' },
  { region: 'JP', channel: 'email', regime: 'opt_in', source: 'Specified E-mail Act Art. 3(1)' },
  { region: 'JP', channel: 'sms', regime: 'opt_in', source: 'Specified E-mail Act Art. 3(1)' },
  {
    region: 'JP',
    channel: 'post',
    regime: 'opt_out',
    source: 'letters are outside the Specified E-mail Act',
  },
  { region: 'any', channel: 'push', regime: 'opt_in', source: 'Apple App Review Guideline 4.5.4' },
  { region: 'any', channel: 'whatsapp', regime: 'opt_in', source: 'WhatsApp Business messaging policy' },
];

const lookup = new Map(regimeTable.map((rule) => [`${rule.region} ${rule.channel}`, rule.regime]));

/**
 * The regime that decides where no statement does: the stream's own, else what its legal basis means, else none for
 * mail that is not advertising, else the strictest of the jurisdictions that may apply.
 */
export function regime(stream: CataloguedStream, jurisdictions: readonly string[]): Regime {
  if (stream.regime !== null) return stream.regime;
  if (stream.legalBasis !== null) return regimeOfBasis[stream.legalBasis];
  if (stream.class === 'essential' || stream.class === 'informational') return 'opt_out';
  if (jurisdictions.length === 0) return 'opt_in';
  for (const jurisdiction of jurisdictions) {
    if (regimeOf(regionOf(jurisdiction), stream.channel) === 'opt_in') return 'opt_in';
  }
  return 'opt_out';
}

function regimeOf(region: Region, channel: Channel): Regime {
  return lookup.get(`${region} ${channel}`) ?? lookup.get(`any ${channel}`) ?? 'opt_in';
}
