import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tagsToText, textToTags } from '../../../src/store/sql/rows.ts'

describe('tags serialized for a column', () => {
  it('tags of any characters are parsed as they were serialized', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', ',', ' ', 'a', '\0', '\ud800', '镜') }),
    )
    const tags = fc.array(fc.record({ key: text, value: text }), { maxLength: 12 })
    fc.assert(
      fc.property(tags, (given) => {
        expect(textToTags(tagsToText(given))).toEqual(given)
      }),
    )
  })

  it.each(['', '"', '[["a"', '[["a",', '[["a","b', '[["a","b"],["c"]', 'x'])(
    'a damaged text is refused: %s',
    (text) => {
      expect(() => textToTags(text)).toThrow()
    },
  )
})
