import type { AttributeDefinition } from '../contract/condition-fields.js';
import type { AttributeValue } from '../subscribers/subject.js';
import { earliestInstant, instantOf, latestInstant } from './instant.js';
import type { FieldExpression } from './sql.js';

type AttributeType = AttributeDefinition['type'];

/** The fact in a profile. What is of another type than was declared is missing: the text "5" is no number. */
export function attributeFact(type: AttributeType, value: AttributeValue | undefined): unknown {
  if (type !== 'instant') return value;
  return typeof value === 'string' ? instantOf(value) : undefined;
}

/**
 * The same of a column that holds the profile's attributes as JSON. JSONType is asked first, because JSONExtract makes 5
 * of "5", and 1 of true.
 */
export function attributeExpression(
  name: string,
  type: AttributeType,
  column = 'attributes',
): FieldExpression {
  const parameter = `attribute_${Buffer.from(name).toString('hex')}`;
  const where = `${column}, {${parameter}:String}`;
  const ifType = (types: string, sql: string) => `if(JSONType(${where}) IN (${types}), ${sql}, NULL)`;
  return { sql: extract(type, where, ifType), nullable: true, params: { [parameter]: name.toWellFormed() } };
}

function extract(type: AttributeType, where: string, ifType: (types: string, sql: string) => string): string {
  switch (type) {
    case 'text':
      return ifType("'String'", `JSONExtractString(${where})`);
    case 'number':
      return ifType("'Int64', 'UInt64', 'Double'", `JSONExtractFloat(${where})`);
    case 'boolean':
      return ifType("'Bool'", `JSONExtractBool(${where})`);
    case 'instant':
      return ifType("'String'", instantExpression(`JSONExtractString(${where})`));
  }
}

/** What `instantOf` reads and the engine can hold, give or take an offset: the engine's own reader guesses at the rest. */
const pattern =
  '^(1[89]|2[0-3])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' +
  '(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$';

function instantExpression(text: string): string {
  const instant = `parseDateTime64BestEffortOrNull(${text}, 3, 'UTC')`;
  const isWithinReach = `toUnixTimestamp64Milli(${instant}) BETWEEN ${earliestInstant} AND ${latestInstant}`;
  return `if(match(${text}, '${pattern}') AND ${isWithinReach}, ${instant}, NULL)`;
}
