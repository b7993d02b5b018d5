import { expect, it } from 'vitest'
import { Arena } from '../../../src/search-index/memory/arena.ts'
import { Scratch } from '../../../src/search-index/memory/scratch.ts'

it('keeps its room as long as that is enough', () => {
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
  // What was too small went back to the arena.
  expect(arena.alloc(8)).toBe(first)
})

it('gives back what is unusually large, and no more', () => {
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

it('can be freed at any time', () => {
  const arena = new Arena('plain')
  const scratch = new Scratch(arena)
  scratch.free()
  const address = scratch.reserve(40)
  scratch.free()
  scratch.free()
  expect([scratch.address, scratch.bytes]).toEqual([0, 0])
  expect([arena.alloc(40), arena.alloc(40)]).not.toEqual([address, address])
})
