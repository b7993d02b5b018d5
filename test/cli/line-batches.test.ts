import { describe, expect, it } from 'vitest'
import { type BatchLimits, batchesOf } from '../../src/cli/line-batches.ts'

const LIMITS: BatchLimits = { linesMax: 3, bytesMax: 20, lineBytesMax: 10 }

async function batches(
  chunks: readonly string[],
  limits = LIMITS,
): Promise<[firstLine: number, lines: number, text: string][]> {
  const stream = async function* () {
    for (const chunk of chunks) yield new TextEncoder().encode(chunk)
  }
  const result: [number, number, string][] = []
  for await (const { bytes, firstLine, lines } of batchesOf(stream(), limits)) {
    result.push([firstLine, lines, new TextDecoder().decode(bytes)])
  }
  return result
}

describe('line batches', () => {
  it('an empty stream has no batches', async () => {
    expect(await batches([])).toEqual([])
    expect(await batches(['', ''])).toEqual([])
  })

  it('a batch ends at the line limit, with empty lines counted', async () => {
    expect(await batches(['a\n\nb\nc', '\n', 'd'])).toEqual([
      [1, 3, 'a\n\nb\n'],
      [4, 2, 'c\nd\n'],
    ])
  })

  it('a batch ends with the line that reaches the byte limit', async () => {
    expect(await batches(['123456789\n123456789\nabc\n'])).toEqual([
      [1, 2, '123456789\n123456789\n'],
      [3, 1, 'abc\n'],
    ])
  })

  it('a line over the limit is truncated, in one chunk or several', async () => {
    const long = 'x'.repeat(100)
    expect(await batches(['a\n', long, long, '\nb\n'])).toEqual([[1, 3, `a\n${'x'.repeat(10)}\nb\n`]])
    expect(await batches([long])).toEqual([[1, 1, `${'x'.repeat(10)}\n`]])
  })

  it('a line at the limit is complete, for every size of the chunks', async () => {
    const whole = `${'a'.repeat(10)}\n${'b'.repeat(11)}\n${'c'.repeat(9)}\n`
    const kept = `${'a'.repeat(10)}\n${'b'.repeat(10)}\n${'c'.repeat(9)}\n`
    for (let size = 1; size < 35; size++) {
      const chunks = whole.match(new RegExp(`[^]{1,${size}}`, 'g')) as string[]
      expect(await batches(chunks, { ...LIMITS, bytesMax: 100 })).toEqual([[1, 3, kept]])
    }
  })

  it('batches do not depend on the size of the chunks', async () => {
    const whole = 'one\n\n二三\r\nfour four four\nfive\nsix'
    const expected = (await batches([whole])).map(([firstLine, lines]) => [firstLine, lines])
    for (let size = 1; size < 8; size++) {
      const chunks = whole.match(new RegExp(`[^]{1,${size}}`, 'g')) as string[]
      expect((await batches(chunks)).map(([firstLine, lines]) => [firstLine, lines])).toEqual(expected)
    }
  })
})
