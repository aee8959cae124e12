import { Inject, Injectable } from '@nestjs/common';
import type { Queries } from '@secateur/sql';
import { wilson } from '../analytics/wilson.js';
import { BacktestsService, type TriedOut } from '../backtests/index.js';
import type { Share } from '../contract/backtests.js';
import type { Rule } from '../contract/rules.js';
import { type Database, ENGINE } from '../database.module.js';
import type { ReadRule } from '../rules/compiled-rules.js';
import { RulesService } from '../rules/rules.service.js';
import { StreamsService } from '../streams/streams.service.js';
import { type AtRisk, type Edit, editsOf } from './grammar.js';
import { fewest, objectionTo, type Weighed, weigh } from './weigh.js';

/** A segment on a stream, as it is told. */
export type Cell = Pick<AtRisk, 'segment' | 'segmentTitle' | 'stream' | 'streamTitle'>;

/** An edit and what the log says of it. */
export interface WeighedEdit extends Weighed {
  readonly edit: Edit;
  readonly taken: Share | null;
}

export interface WeighedEdits {
  readonly edits: readonly WeighedEdit[];
  /** Why edits were left out, and how many for that. */
  readonly left: ReadonlyMap<string, number>;
}

type Left = Queries['suggestions/opt_outs_of_cells']['row'];

/** Edits of the rules in force for segments at risk, each tried out on the decisions of a window. */
@Injectable()
export class EditsService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly rules: RulesService,
    private readonly backtests: BacktestsService,
    private readonly streams: StreamsService,
  ) {}

  /** @throws EngineAwayError @throws QueryFailedError */
  async weigh(rules: readonly Rule[], cells: readonly Cell[], from: Date, to: Date): Promise<WeighedEdits> {
    const read = this.rules.readRules(rules);
    const left = await this.#left(cells, from, to);
    const deciders = await this.backtests.deciders(
      read,
      left.flatMap(({ latest }) => latest),
    );
    const atRisk = cells.map((cell) => this.#atRisk(cell, left, deciders));
    const base = await this.backtests.tryOut(read, from, to);
    const edits: WeighedEdit[] = [];
    const reasons = new Map<string, number>();
    for (const edit of editsOf(rules, atRisk)) {
      const weighed = await this.#weighed(edit, read, base, from, to);
      const why = objectionTo(edit.kind, weighed) ?? (await this.#fault(edit));
      if (why !== null) reasons.set(why, (reasons.get(why) ?? 0) + 1);
      else edits.push({ ...weighed, edit, taken: takenOf(edit, left) });
    }
    return { edits, left: reasons };
  }

  /** A suggestion must be one that could be approved. */
  async #fault({ rules }: Edit): Promise<string | null> {
    const { passed } = await this.rules.preview(rules);
    return passed ? null : 'the check of the rules found a fault in it';
  }

  #left(cells: readonly Cell[], from: Date, to: Date): Promise<Left[]> {
    return this.engine.query('suggestions/opt_outs_of_cells', {
      segments: [...cells.map(({ segment }) => segment), ''],
      streams: [...cells.map(({ stream }) => stream), ''],
      from,
      to,
    });
  }

  #atRisk(cell: Cell, left: readonly Left[], deciders: ReadonlyMap<number, string>): AtRisk {
    const row = left.find(
      ({ of_segment, of_stream }) => of_segment === cell.segment && of_stream === cell.stream,
    );
    const votes = (row?.latest ?? []).flatMap((seq) => deciders.get(seq) ?? []);
    const stream = this.streams.catalogue.latest(cell.stream);
    const others = this.streams
      .all()
      .filter((one) => one.key !== cell.stream && one.class === 'commercial' && stream !== undefined);
    return {
      ...cell,
      decidedBy: mostFrequent(votes) || null,
      siblings: {
        category: others.filter((one) => one.category === stream?.category).length,
        channel: others.filter((one) => one.channel === stream?.channel).length,
      },
    };
  }

  async #weighed(
    { kind, rules, rule, replaces }: Edit,
    before: readonly ReadRule[],
    base: TriedOut,
    from: Date,
    to: Date,
  ): Promise<Weighed> {
    const read = this.rules.readRules(rules);
    const tried = await this.backtests.tryOut(read, from, to);
    return weigh(base, tried, {
      tried: placeOf(read, rule.id),
      base: kind === 'threshold' && replaces !== null ? placeOf(before, replaces) : null,
    });
  }
}

/** Of too few in the cell those of everybody. */
function takenOf({ kind, segment, stream }: Edit, left: readonly Left[]): Share | null {
  if (kind !== 'offer_pause' && kind !== 'offer_cap') return null;
  const own = left.find(({ of_segment, of_stream }) => of_segment === segment && of_stream === stream);
  const all = left.find(({ of_segment, of_stream }) => of_segment === '' && of_stream === '');
  const row = own !== undefined && own.shown >= fewest ? own : all;
  return row === undefined ? null : { n: row.taken, of: row.shown, ...wilson(row.taken, row.shown) };
}

const placeOf = (read: readonly ReadRule[], id: string): number =>
  read.findIndex(({ rule }) => rule.id === id) + 1;

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? '';
}
