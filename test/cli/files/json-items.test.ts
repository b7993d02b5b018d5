import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonItems } from '../../../src/cli/files/json-items.ts'
import { Places } from '../../../src/cli/files/places.ts'

const BYTES_MAX = 64 * 1024

async function split(text: string, { isArray = true, chunkBytes = 7, bytesMax = BYTES_MAX } = {}) {
  const bytes = Buffer.from(text)
  const places = new Places()
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  })()
  let lines = ''
  for await (const part of jsonItems(chunks, isArray, bytesMax, places)) lines += Buffer.from(part).toString()
  const items = lines.split('\n').slice(0, -1)
  return { items, lineNumbers: items.map((_, i) => places.lineOf(i + 1)), places }
}

describe('items of a JSON array', () => {
  it('any array is split into its items, however it is indented and cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 3 })),
        fc.constantFrom(undefined, 1, '\t'),
        fc.integer({ min: 1, max: 30 }),
        async (values, indent, chunkBytes) => {
          const { items } = await split(JSON.stringify(values, null, indent), { chunkBytes })
          expect(items.map((item) => JSON.parse(item))).toEqual(JSON.parse(JSON.stringify(values)))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('any values one after the other are split, as jq prints them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), async (values) => {
        const text = values.map((value) => `${JSON.stringify(value, null, 2)}\n`).join('')
        const { items } = await split(text, { isArray: false })
        expect(items.map((item) => JSON.parse(item))).toEqual(JSON.parse(JSON.stringify(values)))
      }),
      { numRuns: 200 },
    )
  })

  it('each item has the number of the line on which it begins', async () => {
    const { items, lineNumbers, places } = await split('\n[\n{"a":\n1},\n\n{"b":2}, {"c":"\\n]"}\n]\n')
    expect(items).toEqual(['{"a": 1}', '{"b":2}', '{"c":"\\n]"}'])
    expect(lineNumbers).toEqual([3, 6, 6])
    expect(places.areItems).toBe(true)
  })

  it('a longer item than allowed is cut off, and is never kept whole', async () => {
    const { items } = await split(`[{"a":"${'x'.repeat(500)}"},{}]`, { bytesMax: 100 })
    expect(items.map(({ length }) => length)).toEqual([100, 2])
  })

  it('an item that closes more than it opens does not spoil the items after it', async () => {
    expect((await split('[{"a":1}},{"b":2}]')).items).toEqual(['{"a":1}}', '{"b":2}'])
  })

  it.each([
    ['no end', '[{"a":1}\n', /the JSON array has no end, so the file is not complete; its last item begins on line 1/],
    ['no end after a comma', '[{"a":1},\n', /has no end/],
    ['no item between commas', '[{},\n,{}]', /line 2: an item of the JSON array is missing/],
    ['a comma before the end', '[{},\n]', /line 2: an item of the JSON array is missing/],
    ['text after the end', '[{}]\n\n[', /line 3: the file goes on after the end/],
    ['a text that is not closed', '[{"a":"x\n"}]', /line 1: a text in the JSON is not closed/],
  ])('an array with %s is refused with the line', async (_what, text, message) => {
    await expect(split(text)).rejects.toThrow(message)
  })

  it('a value that is not complete is refused', async () => {
    await expect(split('{"a":1}\n{"b":', { isArray: false })).rejects.toThrow('the JSON object has no end')
  })
})
