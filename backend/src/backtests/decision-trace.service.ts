import { Inject, Injectable } from '@nestjs/common';
import type { TracedLeaf } from '../conditions/index.js';
import type { DecisionTrace, LeafFinding, TraceStep } from '../contract/decisions.js';
import { type Database, ENGINE } from '../database.module.js';
import { InvalidInputError, NotFoundError } from '../errors.js';
import { defaultRules, RulesService } from '../rules/rules.service.js';
import { StreamsService } from '../streams/streams.service.js';
import { Past } from './past.js';
import { type Redecider, redecider } from './redecide.js';

/** Why a decision's rules matched or did not, leaf by leaf, from the facts that it left behind. */
@Injectable()
export class DecisionTraceService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly rules: RulesService,
    private readonly streams: StreamsService,
  ) {}

  /** @throws NotFoundError @throws EngineAwayError */
  async of(decision: string): Promise<DecisionTrace> {
    const [stored] = await this.engine.query('backtests/trace_of_decision', { id: decision });
    if (stored === undefined) throw new NotFoundError(`There is no decision ${decision}`);
    const { seq, ruleset } = stored;
    const steps = JSON.parse(stored.trace) as TraceStep[];
    if (ruleset === defaultRules.id || steps.length === 0) return { decision, ruleset, rules: [] };
    const { rules, texts } = this.rules.one(ruleset);
    const names = new Map(rules.map(({ id, name }) => [id, name]));
    const asked = this.#asked(ruleset);
    for await (const { row, past } of new Past(this.engine, this.streams.catalogue).read([seq])) {
      const explained = steps.map((step) => {
        const found = step.failed === undefined ? (asked?.explain(step.rule, row, past) ?? null) : null;
        return {
          ...step,
          name: names.get(step.rule) ?? step.rule,
          text: texts[step.rule] ?? '',
          leaves: found?.held === step.matched ? found.leaves.map(leafOf) : null,
        };
      });
      return { decision, ruleset, rules: explained };
    }
    throw new NotFoundError(`There is no decision ${decision}`);
  }

  /** null: its conditions cannot be read any more. */
  #asked(ruleset: string): Redecider | null {
    try {
      return redecider(
        ruleset,
        this.rules.read(ruleset).map((rule) => ({ ...rule, knownFrom: 0 })),
      );
    } catch (error) {
      if (error instanceof InvalidInputError) return null;
      throw error;
    }
  }
}

const leafOf = ({ fact, ...leaf }: TracedLeaf): LeafFinding => ({
  ...leaf,
  fact: Array.isArray(fact) ? [...fact] : (fact as LeafFinding['fact']),
});
