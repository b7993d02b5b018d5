import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellOf, cellOfValue, csvRow, textOf, valueOfCell } from '../../src/core/csv-cells.ts'

/** Texts with the characters that matter for cells. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '(', ')', 'e', ',', '"', ' ') }),
  fc.constantFrom('(empty)', "'(empty)", "''(empty)", "'tis", "'", ''),
  fc.string({ unit: 'grapheme' }),
)

describe('cells', () => {
  it('any text and any value come back from their cells', () => {
    fc.assert(
      fc.property(text, (each) => textOf(cellOf(each)) === each),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(fc.option(text, { nil: undefined }), (each) => valueOfCell(cellOfValue(each)) === each),
      {
        numRuns: 2000,
      },
    )
  })

  it('no cell begins as a formula does', () => {
    fc.assert(fc.property(text, (each) => !/^[=+\-@\t\r]/.test(cellOfValue(each))))
  })

  it('an apostrophe that belongs to the text stays as it is', () => {
    expect([cellOf("'tis"), textOf("'tis"), cellOf('=1+1'), textOf("'=1+1")]).toEqual(["'tis", "'tis", "'=1+1", '=1+1'])
  })
})

it('a row quotes the cells that a reader would take apart', () => {
  expect(csvRow(['a', 'b,c', 'd"e', 'f\ng', '', 'h i'])).toBe('a,"b,c","d""e","f\ng",,h i\r\n')
})
