export { type Column, checkQueries } from './describe.js';
export { Engine, type ParamsOf, type QueryEvent, type ReadOptions, type RowOf } from './engine.js';
export { EngineAwayError, QueryFailedError } from './errors.js';
export type { TextFormat } from './lanes.js';
export { MigrationError, migrate, replicatedTwin } from './migrate.js';
export { type EmbeddedLanes, type OpenOptions, open, openEmbedded, type Where } from './open.js';
export { type Parameter, ParameterError, type ParameterValue, type ParameterValues } from './parameters.js';
export type { Queries } from './queries.generated.js';
export { type NamedQueries, type NamedQuery, namedQuery, readQueries } from './query.js';
