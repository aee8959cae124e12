import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blank, oneStatement, stringLiteral, withSettings } from './statement.js';

describe('oneStatement', () => {
  test('keeps a statement that ends with text, and drops semicolons and comments after it', () => {
    expect(oneStatement("SELECT 'a'", 'q')).toBe("SELECT 'a'");
    expect(oneStatement("SELECT ';' AS `a;b` /* ; */ ;\n -- the end;\n", 'q')).toBe("SELECT ';' AS `a;b`");
  });

  test('refuses two statements and none', () => {
    expect(() => oneStatement('SELECT 1; SELECT 2', 'q.sql')).toThrow('q.sql holds more than one statement');
    expect(() => oneStatement(' -- nothing\n;', 'q.sql')).toThrow('q.sql holds no statement');
  });

  test('is not misled by quotes and comments inside each other', () => {
    const tricky = "SELECT 'it''s \\'; --', \"a;'\" -- ' ;\n, 1";
    expect(oneStatement(tricky, 'q')).toBe(tricky);
  });
});

test('blank keeps the length and every line break', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("'", '"', '`', '\\', '--', '/*', '*/', '\n', 'a', ';')), (parts) => {
      const sql = parts.join('');
      const result = blank(sql);
      expect(result).toHaveLength(sql.length);
      expect(result.split('\n').map((line) => line.length)).toEqual(
        sql.split('\n').map((line) => line.length),
      );
    }),
    { seed: 20_261_123, verbose: true },
  );
});

test('settings join the clause of a statement that has one, but not a table of that name', () => {
  const added = { max_threads: 2 };
  expect(withSettings('SELECT 1', added)).toBe('SELECT 1\nSETTINGS max_threads = 2');
  expect(withSettings('SELECT 1 SETTINGS a = 1 -- one', added)).toBe(
    'SELECT 1 SETTINGS a = 1 -- one\n, max_threads = 2',
  );
  expect(withSettings("SELECT * FROM settings WHERE a = 'b'", added)).toMatch(/'b'\nSETTINGS/);
  expect(withSettings('SELECT * FROM (SELECT 1 SETTINGS a = 1)', added)).toMatch(/\)\nSETTINGS/);
});

test('a string literal escapes what would end it', () => {
  expect(stringLiteral("a'b\\c\0")).toBe("'a\\'b\\\\c\\0'");
});
