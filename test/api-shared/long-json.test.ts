import { expect, it } from 'vitest'
import { joinInSlices, jsonArray } from '../../src/api/long-json.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

it('a short body is one text', async () => {
  expect((await joinInSlices(jsonArray('{"a":', [1, 2], String, '}'), 'p')).encoded).toBe('{"a":[1,2]}')
  expect((await joinInSlices(jsonArray('{"a":', [], String, '}'), 'p')).encoded).toBe('{"a":[]}')
})

it('a long body is bytes in parts, none of them longer than 64 KiB', async () => {
  const { encoded } = await joinInSlices(
    jsonArray('', numbers(100_000), (i) => `"标签 ${i}"`, ''),
    'p',
  )
  const parts = encoded as readonly Uint8Array[]
  expect(parts.length).toBeGreaterThan(10)
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(65_536)
  expect(JSON.parse(Buffer.concat(parts).toString())).toEqual(numbers(100_000).map((i) => `标签 ${i}`))
})
