import { expect, test } from 'vitest';
import { z } from 'zod';
import { Asked } from './contract/selectors.js';
import { ContractPipe, fieldErrors, type Issue } from './contract.pipe.js';
import { InvalidInputError, UnsupportedMediaError } from './errors.js';
import { fieldName } from './field-name.js';

function errorsOf(schema: z.ZodType, value: unknown) {
  return fieldErrors((schema.safeParse(value).error?.issues ?? []) as readonly Issue[], 'body');
}

test.each([
  [['subscribers', 3, 'email'], 'subscribers[3].email'],
  [[0, 'id'], '[0].id'],
  [['metadata', 'a b'], 'metadata["a b"]'],
  [[], 'body'],
])('names the field at %j as %s', (path, name) => {
  expect(fieldName(path, 'body')).toBe(name);
});

test('names each wrong field once and quotes no value', () => {
  const schema = z.strictObject({ rows: z.array(z.object({ email: z.email() })), limit: z.int().max(10) });
  const errors = errorsOf(schema, {
    rows: [{ email: 'a@b.example' }, { email: 'not-one' }],
    limit: 11,
    extra: 1,
  });
  expect(errors.map(({ field }) => field).sort()).toEqual(['extra', 'limit', 'rows[1].email']);
  expect(JSON.stringify(errors)).not.toContain('not-one');
});

test('speaks of the choice of a union that was meant', () => {
  expect(errorsOf(z.object({ asked: Asked }), { asked: [{ chanel: 'email' }] })).toEqual([
    { field: 'asked[0].chanel', reason: 'is not a known field' },
  ]);
  const [error] = errorsOf(z.object({ asked: Asked }), { asked: 'some' });
  expect(error?.field).toBe('asked');
  expect(error?.reason).toContain('this');
});

test('stops at a hundred errors', () => {
  expect(errorsOf(z.array(z.string()), Array(5000).fill(1))).toHaveLength(100);
});

test('hands on what the schema made of a good value', async () => {
  const schema = z.object({ n: z.string().transform(Number) });
  await expect(new ContractPipe().transform({ n: '3' }, { type: 'query', schema })).resolves.toEqual({
    n: 3,
  });
});

test('names a path parameter by its name', async () => {
  const schema = z.string().max(2);
  const refused = new ContractPipe().transform('long', { type: 'param', data: 'id', schema });
  await expect(refused).rejects.toMatchObject({ errors: [{ field: 'id' }] });
  await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
});

test('says that a body of another kind is of another kind', async () => {
  const refused = new ContractPipe().transform(Buffer.from('a=b'), { type: 'body', schema: z.object({}) });
  await expect(refused).rejects.toBeInstanceOf(UnsupportedMediaError);
});
