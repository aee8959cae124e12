import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type ArtifactFiles, type ChurnTrained, fromFiles, type Learned } from '@secateur/models/churn';
import type { Queries } from '@secateur/sql';
import { type ChurnModel, ModelReport } from '../contract/churn.js';
import { type Database, ENGINE } from '../database.module.js';
import { ConflictError, NotFoundError } from '../errors.js';

const modelColumns = [
  'id',
  'kind',
  'trained_at',
  'trained_by',
  'cut',
  'until',
  'report',
  'model',
  'scaling',
  'weights',
] as const;
const eventColumns = ['model', 'at', 'event', 'by', 'why'] as const;

type Event = 'promoted' | 'rejected' | 'rolled_back';

/** Models as they were trained, and which of them holds. */
@Injectable()
export class RegistryService {
  constructor(@Inject(ENGINE) private readonly engine: Database) {}

  /** The latest trained first. @throws EngineAwayError @throws QueryFailedError */
  async list(): Promise<ChurnModel[]> {
    const rows = await this.engine.query('churn/models', {});
    const champion = championOf(rows);
    return rows.map((row) => viewOf(row, champion));
  }

  async one(id: string): Promise<ChurnModel> {
    const found = (await this.list()).find((model) => model.id === id);
    if (found === undefined) throw new NotFoundError(`There is no model ${id}`);
    return found;
  }

  async champion(): Promise<ChurnModel | null> {
    return (await this.list()).find(({ state }) => state === 'champion') ?? null;
  }

  async files(id: string): Promise<ArtifactFiles> {
    const [row] = await this.engine.query('churn/model_files', { id });
    if (row === undefined) throw new NotFoundError(`There is no model ${id}`);
    return {
      'model.json': row.model_json,
      'scaling.json': row.scaling,
      'weights.bin': Uint8Array.from(Buffer.from(row.weights, 'base64')),
    };
  }

  async model(id: string): Promise<Learned> {
    return fromFiles(await this.files(id));
  }

  /** Keeps what was trained. @returns its id */
  async add(
    { kind, files, report }: ChurnTrained,
    about: { by: string; now: Date; cut: Date; until: Date },
  ): Promise<string> {
    const id = randomUUID();
    const instants = [about.now, about.cut, about.until].map((at) => at.toISOString());
    const [trainedAt, cut, until] = instants;
    const weights = Buffer.from(files['weights.bin']).toString('base64');
    const line = [
      ...[id, kind, trainedAt, about.by, cut, until, JSON.stringify(report)],
      ...[files['model.json'], files['scaling.json'], weights],
    ];
    await this.engine.insert('churn_models', modelColumns, JSON.stringify(line), `churn_models:${id}`);
    return id;
  }

  async tell(id: string, event: Event, by: string, why: string, now: Date): Promise<void> {
    const line = JSON.stringify([id, now.toISOString(), event, by, why]);
    await this.engine.insert('churn_model_events', eventColumns, line, `churn_model_events:${randomUUID()}`);
  }

  /** The champion goes, and the one before it holds again. @throws ConflictError where there is none before it */
  async rollBack(by: string, why: string, now: Date): Promise<ChurnModel> {
    const rows = await this.engine.query('churn/models', {});
    const promoted = promotions(rows);
    const [champion, before] = promoted;
    if (champion === undefined) throw new ConflictError('No model holds that could be rolled back.');
    if (before === undefined) throw new ConflictError('There is no model before the one that holds.');
    await this.tell(champion, 'rolled_back', by, why, now);
    return this.one(before);
  }

  /** Makes a model the champion. @throws NotFoundError @throws ConflictError where it holds already */
  async promote(id: string, by: string, why: string, now: Date): Promise<ChurnModel> {
    const model = await this.one(id);
    if (model.state === 'champion') throw new ConflictError('This model holds already.');
    await this.tell(id, 'promoted', by, why, now);
    return this.one(id);
  }
}

type Row = Queries['churn/models']['row'];

/** Models that were promoted and not rolled back since, the latest promoted first. */
function promotions(rows: readonly Row[]): string[] {
  const standing: { model: string; at: string }[] = [];
  for (const row of rows) {
    const last = row.events
      .map((event, index) => ({ event, at: row.ats[index] ?? '' }))
      .filter(({ event }) => event === 'promoted' || event === 'rolled_back')
      .sort((one, other) => (one.at < other.at ? 1 : -1))[0];
    if (last?.event === 'promoted') standing.push({ model: row.model, at: last.at });
  }
  return standing.sort((one, other) => (one.at < other.at ? 1 : -1)).map(({ model }) => model);
}

const championOf = (rows: readonly Row[]): string | undefined => promotions(rows)[0];

function viewOf(row: Row, champion: string | undefined): ChurnModel {
  const history = row.events.map((event, index) => ({
    event,
    at: row.ats[index] ?? '',
    by: row.bys[index] ?? '',
    why: row.whys[index] ?? '',
  }));
  const last = history.at(-1);
  return {
    id: row.model,
    kind: row.kind === 'model' ? 'model' : 'rate',
    state: row.model === champion ? 'champion' : stateOf(last?.event),
    why: last?.why ?? '',
    trained_at: row.trained_at,
    trained_by: row.trained_by,
    cut: row.cut,
    until: row.until,
    report: ModelReport.parse(JSON.parse(row.report)),
    history,
  };
}

function stateOf(event: string | undefined): ChurnModel['state'] {
  if (event === 'promoted') return 'former';
  return event === 'rolled_back' ? 'rolled_back' : 'rejected';
}
