import { expect, it } from 'vitest'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { Scratch } from '../../../src/search-index/memory/scratch.ts'

it('a buffer is reused while its capacity suffices', () => {
  const arena = new Arena('plain')
  const scratch = new Scratch(arena)
  expect([scratch.address, scratch.bytes]).toEqual([0, 0])
  const first = scratch.reserve(0)
  expect(first).toBeGreaterThan(0)
  expect(scratch.bytes).toBe(8)
  expect([scratch.reserve(8), scratch.reserve(1)]).toEqual([first, first])
  const second = scratch.reserve(100)
  expect(scratch.address).toBe(second)
  expect(scratch.bytes).toBe(112)
  expect(scratch.reserve(112)).toBe(second)
  // The smaller buffer was freed.
  expect(arena.alloc(8)).toBe(first)
})

it('shrink frees only a buffer above two MiB', () => {
  const arena = new Arena('plain')
  const scratch = new Scratch(arena)
  scratch.reserve(2 ** 21)
  scratch.shrink()
  expect(scratch.bytes).toBe(2 ** 21)
  const address = scratch.reserve(2 ** 21 + 1)
  scratch.shrink()
  expect([scratch.address, scratch.bytes]).toEqual([0, 0])
  expect(arena.alloc(2 ** 21 + 1)).toBe(address)
})

it('free may be called at any time, also repeatedly', () => {
  const arena = new Arena('plain')
  const scratch = new Scratch(arena)
  scratch.free()
  const address = scratch.reserve(40)
  scratch.free()
  scratch.free()
  expect([scratch.address, scratch.bytes]).toEqual([0, 0])
  expect([arena.alloc(40), arena.alloc(40)]).not.toEqual([address, address])
})
