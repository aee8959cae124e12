import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributesText } from './attributes-text.js';

test('an integer that the engine could not read is written with its exponent', () => {
  expect(attributesText({ a: 1e20, b: -(2 ** 63), c: 2 ** 53, 'd"': 'x\0', e: true, f: 0.5 })).toBe(
    '{"a":1e+20,"b":-9.223372036854776e+18,"c":9007199254740992,"d\\"":"x\\u0000","e":true,"f":0.5}',
  );
});

test('reads back as what it was', () => {
  const value = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (attributes) => {
      const expected = JSON.parse(JSON.stringify(attributes));
      expect(JSON.parse(attributesText(attributes))).toEqual(expected);
    }),
  );
});
