import fc from 'fast-check'

/** Arbitrary texts, including lone surrogates and known edge cases. */
export const anyText = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', '"', '\\', '\\n', '\n', '\u007f', '\u0080', '\u2028', '\ufeff', '\ufffd', '\ufeffa', '标签'),
  fc.constantFrom('\ud83d', '\ude00', '\ud83d\ude00', '\ude00\ud83d', 'ß', 'ΟΔΟΣ', '\u212a', 'x'.repeat(700)),
)
