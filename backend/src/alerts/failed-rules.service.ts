import { Inject, Injectable } from '@nestjs/common';
import { type Database, ENGINE } from '../database.module.js';
import { RulesService } from '../rules/rules.service.js';
import { dayMs } from './cell.js';
import { fileFailure } from './failed-rule.js';
import { IncidentsService } from './incidents.service.js';
import { NoticesService } from './notices.service.js';

/** Tells of rules that threw while they decided. Decisions say so, whichever process made them. */
@Injectable()
export class FailedRulesService {
  constructor(
    @Inject(ENGINE) private readonly engine: Database,
    private readonly rules: RulesService,
    private readonly incidents: IncidentsService,
    private readonly notices: NoticesService,
  ) {}

  /** @throws EngineAwayError @throws QueryFailedError */
  watch(now: Date): Promise<{ rules: number; opened: number; notices: number }> {
    return this.incidents.alone(() => this.#watch(now));
  }

  async #watch(now: Date): Promise<{ rules: number; opened: number; notices: number }> {
    const since = new Date(now.getTime() - dayMs);
    const failures = await this.engine.query('alerts/rule_failures', { since });
    if (failures.length === 0) return { rules: 0, opened: 0, notices: 0 };
    const known = await this.incidents.list({}, now);
    const versions = new Map(this.rules.list().map(({ id, number }) => [id, number]));
    const told = failures.flatMap(({ of_rule, of_version, of_streams, first_at, last_at, ...row }) => {
      const failure = {
        ...row,
        rule: of_rule,
        ruleset: of_version,
        version: versions.get(of_version) ?? null,
      };
      const times = { first_at: instant(first_at), last_at: instant(last_at), streams: of_streams };
      return fileFailure({ ...failure, ...times }, known, now.getTime()) ?? [];
    });
    // Word before incidents: a process that dies in between looks again, and tells nobody twice.
    const notices = await this.notices.tellAll(told, ({ rule }) => rule?.last_at ?? '', now);
    await this.incidents.store(
      told.map(({ incident }) => incident),
      'detector',
      now,
    );
    const opened = told.filter(({ news }) => news === 'opened').length;
    return { rules: failures.length, opened, notices };
  }
}

/** The engine tells microseconds. */
const instant = (text: string): string => new Date(text).toISOString();
