import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvRows, csvStringifier, type ExportedResource } from '../../../src/cli/files/csv-writer.ts'
import { Places } from '../../../src/cli/files/places.ts'
import { recordLines } from '../../../src/cli/files/records.ts'

// What an export writes as CSV, an import reads back as it was.

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom("'", '=', '-', '@', '\t', '\r', '\n', ',', ';', '"', ' ', '(', 'a', '\ufeff'),
    maxLength: 6,
  }),
  fc.constantFrom('(empty)', "'(empty)", '(not tagged)', "''", 'sep=;', '\u2028'),
)
const time = fc
  .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((each) => each.toISOString())
const resource: fc.Arbitrary<ExportedResource> = fc.record({
  resource_type: fc.constantFrom('images', 'instances'),
  project: text.filter((each) => each !== ''),
  resource_id: text.filter((each) => each !== ''),
  resource_name: text,
  created_at: time,
  updated_at: time,
  resource_detail: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 })).map((each) => JSON.parse(JSON.stringify(each))),
  // A key is never blank at its ends.
  tags: fc.uniqueArray(fc.record({ key: text.map((each) => `k${each}`.trim()), value: text }), {
    selector: ({ key }) => key,
    maxLength: 4,
  }),
})

async function roundTrip(resources: readonly ExportedResource[]): Promise<unknown[]> {
  const keys = new Set(resources.flatMap(({ tags }) => tags.map(({ key }) => key)))
  const csv = Readable.from(csvRows(Readable.from(resources), keys)).pipe(csvStringifier())
  const options = { ignoredColumns: [], itemBytesMax: 1_000_000, warn: (message: string) => expect.fail(message) }
  const places = new Places()
  let lines = ''
  for await (const part of recordLines(csv, options, places)) lines += Buffer.from(part).toString()
  const records = lines.split('\n').slice(0, -1)
  expect(places.takeRefusals(records.length)).toEqual([])
  return records.map((record) => JSON.parse(record))
}

it('any resources come back from CSV as they were, but for the order of their tags', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(resource, { minLength: 1, maxLength: 5 }), async (resources) => {
      const byKey = (tags: ExportedResource['tags']) => tags.toSorted((a, b) => (a.key < b.key ? -1 : 1))
      const expected = resources.map(({ tags, resource_name, ...rest }) => ({
        ...rest,
        ...(resource_name !== '' && { resource_name }),
        tags: byKey(tags),
      }))
      const read = (await roundTrip(resources)) as ExportedResource[]
      expect(read.map((each) => ({ ...each, tags: byKey(each.tags) }))).toEqual(expected)
    }),
    { numRuns: 400 },
  )
})
