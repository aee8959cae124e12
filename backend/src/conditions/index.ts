/** The condition language: read and checked once, then asked as a closure, as SQL, or read as a sentence. */
export { attributeExpression, attributeFact } from './attributes.js';
export { type AskedField, Catalogue } from './catalogue.js';
export { type Checked, checkCondition } from './check.js';
export { compile, type Predicate } from './closure.js';
export { type Fault, type Group, type Leaf, leavesOf } from './condition.js';
export { FactLayout, type Facts, readFact } from './facts.js';
export { buildCatalogue, type CatalogueEntries } from './fields.js';
export { compileFirst, type First } from './first.js';
export {
  type CompiledSql,
  compileSql,
  type ExpressionOf,
  type FieldExpression,
  type RowInstant,
  type SqlValue,
} from './sql.js';
export { readableText } from './text.js';
export { compileTrace, type Trace, type TracedLeaf } from './trace.js';
