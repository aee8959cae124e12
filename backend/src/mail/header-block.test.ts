import { describe, expect, it } from 'vitest';
import { messageIdOf, readBlocks, readFields, withoutComments } from './header-block.js';

describe('a block of fields', () => {
  it('is read in CRLF and LF, unfolded, by name in any case, repeated fields in order', () => {
    const text = 'To: a\nSUBJECT:  one\n\ttwo \nto:b\n\nFrom: body';
    for (const block of [text, text.replace(/\n/g, '\r\n')]) {
      const fields = readFields(block);
      expect(fields.first('subject')).toBe('one\ttwo');
      expect(fields.all('To')).toEqual(['a', 'b']);
      expect(fields.has('from')).toBe(false);
    }
  });

  it('passes over what is no field, with the lines that are folded below it', () => {
    const fields = readFields('no field\n folded\nA: 1\n: 2\nWith space: 3\n folded\nB : 4');
    expect([fields.first('a'), fields.first('b'), fields.has('with space')]).toEqual(['1', '4', false]);
  });

  it('leaves out a field of more than 16 KiB, and reads what follows', () => {
    const fields = readFields(`A: ${'x'.repeat(20_000)}\nB: ${'y\n '.repeat(10_000)}\nC: 1`);
    expect([fields.has('a'), fields.has('b'), fields.first('c')]).toEqual([false, false, '1']);
  });

  it('takes no name of JavaScript for its own', () => {
    const fields = readFields('__proto__: 1\nconstructor: 2');
    expect([fields.first('__proto__'), fields.first('constructor'), fields.first('toString')]).toEqual([
      '1',
      '2',
      null,
    ]);
  });

  it('stops at 2,000 fields', () => {
    const fields = readFields(`${'A: 1\n'.repeat(5000)}B: 2`);
    expect(fields.all('a')).toHaveLength(2000);
    expect(fields.has('b')).toBe(false);
  });
});

it('blocks are separated by empty lines, any number of them', () => {
  const blocks = readBlocks('\n\nA: 1\nB: 2\n\n\n\r\nA: 3\n');
  expect(blocks.map((block) => block.first('a'))).toEqual(['1', '3']);
});

it.each([
  ['<a@b.example>', 'a@b.example'],
  [' <a\t@b.example> (a comment)', 'a@b.example'],
  ['a@b.example', 'a@b.example'],
  ['a@b.example (comment)', 'a@b.example'],
  ['<>', null],
  ['', null],
  [null, null],
])('the message id of %s is %s', (value, id) => {
  expect(messageIdOf(value)).toBe(id);
});

it('comments may be nested, and one that does not end takes the rest', () => {
  expect(withoutComments('abuse (a (b) c) d (e')).toBe('abuse  d');
});
