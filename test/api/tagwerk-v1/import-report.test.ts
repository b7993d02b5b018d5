import { expect, it } from 'vitest'
import { ImportReport } from '../../../src/api/tagwerk-v1/import-report.ts'
import { REFUSALS_SHOWN_MAX } from '../../../src/api/tagwerk-v1/limits.ts'
import { DomainError } from '../../../src/core/errors.ts'

// Which refusals an import shows, however many there are and in whatever order they come.

it.each([
  ['in order', (i: number) => i],
  ['in reverse order', (i: number, count: number) => count - 1 - i],
  ['in mixed order', (i: number, count: number) => (i * 7919) % count],
])('a report lists the first refused lines when they are refused %s', (_, placeOf) => {
  for (const count of [3, REFUSALS_SHOWN_MAX, REFUSALS_SHOWN_MAX + 1, REFUSALS_SHOWN_MAX * 4 + 3]) {
    const report = new ImportReport()
    for (let i = 0; i < count; i++)
      report.refuse(placeOf(i, count) + 1, new DomainError('tag-invalid', { field: 'tags' }))
    const { refused, refusals } = report.toBody([], undefined)
    expect(refused).toBe(count)
    const shown = Array.from({ length: Math.min(count, REFUSALS_SHOWN_MAX) }, (_, i) => i + 1)
    expect(refusals.map(({ line }) => line)).toEqual(shown)
  }
})
