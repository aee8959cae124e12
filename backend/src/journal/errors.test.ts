import { EngineAwayError } from '@secateur/sql';
import { expect, test } from 'vitest';
import { errorFields } from '../log.js';
import { JournalUnavailableError, safeReason } from './errors.js';

function thrown(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

test('an error of others is named and not quoted: a parser repeats what it could not read', () => {
  const error = thrown('{"email":ada@example.com}');
  expect((error as Error).message).toContain('ada');
  expect(safeReason(error)).toBe('SyntaxError');
  expect(JSON.stringify(errorFields(error))).not.toContain('ada');
  expect(safeReason(Object.assign(new Error('/home/ada'), { code: 'ENOENT' }))).toBe('Error (ENOENT)');
  expect(safeReason('ada@example.com')).toBe('string');
});

test('an error of ours is told in its words', () => {
  expect(safeReason(new EngineAwayError('opt_outs', 241, 'MEMORY_LIMIT_EXCEEDED'))).toContain('MEMORY_LIMIT');
  const full = new JournalUnavailableError('append', Object.assign(new Error('x'), { code: 'ENOSPC' }));
  expect(safeReason(full)).toBe('JournalUnavailableError: Journal unavailable: append (ENOSPC)');
});
