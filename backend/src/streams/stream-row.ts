import type { Queries } from '@secateur/sql';
import type { Channel, LegalBasis, Regime, StreamClass } from '../contract/vocabulary.js';
import type { Insert } from '../journal/group.js';
import type { StreamVersion } from './catalogue.js';

type Row = Queries['streams/stream_versions']['row'];

export function versionOf(row: Row): StreamVersion {
  return {
    key: row.key,
    version: row.version,
    channel: row.channel as Channel,
    category: row.category,
    origin: row.origin,
    class: row.class as StreamClass,
    brand: row.brand,
    listId: row.list_id === '' ? null : row.list_id,
    title: row.title,
    allOptionShown: row.all_option_shown,
    legalBasis: row.legal_basis === '' ? null : (row.legal_basis as LegalBasis),
    regime: row.regime === '' ? null : (row.regime as Regime),
    markets: row.markets,
    parent: row.parent === '' ? null : row.parent,
    reviewed: row.reviewed,
    changedAt: Date.parse(row.changed_at),
  };
}

const columns = [
  'key',
  'version',
  'channel',
  'category',
  'origin',
  'class',
  'brand',
  'list_id',
  'title',
  'all_option_shown',
  'legal_basis',
  'regime',
  'markets',
  'parent',
  'reviewed',
  'changed_at',
  'changed_by',
] as const;

export function streamInsert(rows: readonly { version: StreamVersion; by: string }[]): Insert {
  const lines = rows.map(({ version, by }) =>
    JSON.stringify([
      version.key,
      version.version,
      version.channel,
      version.category,
      version.origin,
      version.class,
      version.brand,
      version.listId ?? '',
      version.title,
      version.allOptionShown,
      version.legalBasis ?? '',
      version.regime ?? '',
      version.markets,
      version.parent ?? '',
      version.reviewed,
      new Date(version.changedAt).toISOString(),
      by,
    ]),
  );
  return { table: 'streams', columns, lines: lines.join('\n') };
}
