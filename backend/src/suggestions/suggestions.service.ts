import { Inject, Injectable, Logger } from '@nestjs/common';
import { RisksService } from '../churn/risks.service.js';
import type { RiskRow, RisksAnswer } from '../contract/churn.js';
import type { Rollout } from '../contract/rollouts.js';
import type { Ruleset } from '../contract/rules.js';
import { Suggestion, type SuggestionsAnswer } from '../contract/suggestions.js';
import { type Database, ENGINE } from '../database.module.js';
import { RolloutsService } from '../rollouts/rollouts.service.js';
import { RulesService } from '../rules/rules.service.js';
import { type Cell, EditsService, type WeighedEdit } from './edits.service.js';
import { experimentOf } from './experiment.js';
import { rankOf, toldOf } from './told.js';

const day = 86_400_000;
/** What is tried out on. */
const windowDays = 90;
/** Segments on streams that edits are looked for; each costs a look at the window for each of its edits. */
const mostCells = 6;
const mostSuggestions = 20;
const query = 'suggestions/latest_suggestions';
const columns = ['computed_at', 'model', 'base', 'body'] as const;
const noModel = '00000000-0000-0000-0000-000000000000';

/** Edits of the rules in force for segments that are about to leave. Worked out by the clock, and told with what is known now of the people. */
@Injectable()
export class SuggestionsService {
  readonly #log = new Logger('Suggestions');
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly risks: RisksService,
    private readonly rules: RulesService,
    private readonly edits: EditsService,
    private readonly rollouts: RolloutsService,
  ) {}

  /** One at a time. @throws EngineAwayError @throws QueryFailedError */
  suggest(now: Date): Promise<{ suggestions: number; left_out: number }> {
    const run = this.#last.then(() => this.#suggest(now));
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** @throws EngineAwayError @throws QueryFailedError */
  async latest(): Promise<SuggestionsAnswer> {
    const base = this.rules.published();
    const [[stored], risks] = await Promise.all([this.engine.query(query, {}), this.#risks()]);
    const nothing = { ruleset: base?.id ?? null, query, rows: [], model: risks.model };
    if (stored === undefined) return { ...nothing, state: 'not_yet', why: notYet(risks), computed_at: null };
    const computed_at = new Date(stored.computed_at).toISOString();
    if (stored.base !== (base?.id ?? '')) {
      const why = [
        'Other rules are in force since: suggestions are worked out anew each night, and on demand.',
      ];
      return { ...nothing, state: 'not_yet', why, computed_at };
    }
    const body = JSON.parse(stored.body) as { rows: unknown[]; why: string[] };
    const rows = body.rows
      .map((row) => Suggestion.parse(row))
      .flatMap((row) => toldOf(row, risks.rows) ?? [])
      .sort(rankOf);
    return { ...nothing, state: rows.length > 0 ? 'told' : 'none', why: body.why, computed_at, rows };
  }

  #risks(): Promise<RisksAnswer> {
    return this.risks.risks({ limit: '999' });
  }

  async #suggest(now: Date): Promise<{ suggestions: number; left_out: number }> {
    const began = performance.now();
    const risks = await this.#risks();
    const cells = atRisk(risks.rows).slice(0, mostCells);
    if (cells.length === 0) return { suggestions: 0, left_out: 0 };
    const base = this.rules.published();
    const from = new Date(now.getTime() - windowDays * day);
    const { edits, left } = await this.edits.weigh(base?.rules ?? [], cells, from, now);
    const rollouts = await this.rollouts.history(now);
    const rows = edits
      .flatMap((edit) => this.#suggestion(edit, { risks, base, rollouts, from, to: now }) ?? [])
      .sort(rankOf)
      .slice(0, mostSuggestions);
    const why = [...left].map(([reason, count]) => `${count} left out: ${reason}.`);
    const values = [now.toISOString(), risks.model ?? noModel, base?.id ?? '', JSON.stringify({ rows, why })];
    const token = `churn_suggestions:${now.toISOString()}`;
    await this.engine.insert('churn_suggestions', columns, JSON.stringify(values), token);
    const counts = {
      suggestions: rows.length,
      left_out: [...left.values()].reduce((sum, count) => sum + count, 0),
    };
    this.#log.log('suggestions worked out', { ...counts, ms: Math.round(performance.now() - began) });
    return counts;
  }

  #suggestion({ edit, evidence, complaints, taken }: WeighedEdit, about: About): Suggestion | null {
    const experiment = experimentOf(edit.rule, about.rollouts, (id) => this.#version(id));
    // An experiment that shows more complaints ends the matter.
    if (experiment !== null && (experiment.complaint_rate.lower ?? 0) > 0) return null;
    const window = { from: about.from.toISOString(), to: about.to.toISOString() };
    const { id, kind, title, segment, stream, rule, replaces } = edit;
    const row: Suggestion = {
      ...{ id, kind, title, segment, stream, rule, replaces, complaints, experiment },
      detail: '',
      segment_title: '',
      stream_title: '',
      risk: { subscriptions: 0, risk_30d: { mean: 0, lower: 0, upper: 0 }, expected_30d: 0 },
      draft: {
        rules: [...edit.rules],
        note: title.slice(0, 500).toWellFormed(),
        ...(about.base === null ? {} : { based_on: about.base.id }),
      },
      claim: experiment === null ? 'association' : 'experiment',
      evidence: { ...evidence, ...window, taken },
      expected_kept_30d: 0,
    };
    return toldOf(row, about.risks.rows);
  }

  #version(id: string): Ruleset | undefined {
    return this.rules.list().find((one) => one.id === id);
  }
}

interface About {
  readonly risks: RisksAnswer;
  readonly base: Ruleset | null;
  readonly rollouts: readonly Rollout[];
  readonly from: Date;
  readonly to: Date;
}

/** Segments that are at more risk than everybody on the same stream, those first that lose the most beyond that. */
function atRisk(rows: readonly RiskRow[]): Cell[] {
  const everybody = new Map(
    rows.flatMap(({ segment, stream, risk_30d }) =>
      segment === '' && stream !== null ? [[stream, risk_30d.mean]] : [],
    ),
  );
  return rows
    .flatMap(({ segment, segment_title, stream, stream_title, subscriptions, risk_30d }) => {
      if (segment === '' || stream === null) return [];
      const excess = (risk_30d.mean - (everybody.get(stream) ?? Number.POSITIVE_INFINITY)) * subscriptions;
      if (excess <= 0) return [];
      return [{ segment, segmentTitle: segment_title, stream, streamTitle: stream_title, excess }];
    })
    .sort((one, other) => other.excess - one.excess);
}

const notYet = ({ kind, why }: RisksAnswer): string[] =>
  kind === 'none' ? why : ['Suggestions are worked out each night, and on demand.'];
