import { describe, expect, it } from 'vitest'
import { DetailColumn } from '../../src/search-index/detail-column.ts'
import { type PageShape, PreparedShape } from '../../src/search-index/json-page.ts'
import { PIECE_KIND, PIECE_WORDS } from '../../src/search-index/kernels/abi.ts'
import { Arena } from '../../src/search-index/memory/arena.ts'
import { readRaw } from '../../src/search-index/memory/encoded-text.ts'

const SHAPE: PageShape = {
  pieces: [{ text: '{"标签":"' }, 'id', 'name', 'detail', 'tags', { text: '' }],
  detail: (detail) => (detail === 'same' ? detail : `<${detail}>`),
}

function prepare(shape: PageShape = SHAPE) {
  const arena = new Arena('plain')
  const details = new DetailColumn(arena, 0)
  return { arena, details, prepared: new PreparedShape(arena, details, shape) }
}

describe('PreparedShape', () => {
  it('the pieces refer to their literals in the arena', () => {
    const { arena, prepared } = prepare()
    const { u8, u32 } = arena
    expect(prepared.count).toBe(6)
    const pieces = Array.from({ length: 6 }, (_, i) => {
      const at = (prepared.pieces >>> 2) + i * PIECE_WORDS
      const [kind = 0, address = 0, length = 0] = u32.subarray(at, at + PIECE_WORDS)
      return [kind, Buffer.from(u8.subarray(address, address + length)).toString()]
    })
    expect(pieces).toEqual([
      [PIECE_KIND.literal, '{"标签":"'],
      [PIECE_KIND.id, ''],
      [PIECE_KIND.name, ''],
      [PIECE_KIND.detail, ''],
      [PIECE_KIND.tags, ',{"key":"       ","value":"     "}              '],
      [PIECE_KIND.literal, ''],
    ])
  })

  it('a detail is rendered once, and shares the stored text when it is rendered unchanged', () => {
    const rendered: string[] = []
    const { arena, details, prepared } = prepare({
      ...SHAPE,
      detail: (detail) => {
        rendered.push(detail)
        return SHAPE.detail(detail)
      },
    })
    const numbers = ['a', 'same', '标签', 'unused'].map((text) => details.acquire(text))
    for (const detail of [2, 0, 1, 0, 2]) prepared.render(detail)
    expect(rendered).toEqual(['标签', 'a', 'same'])
    expect(prepared.rendered.length).toBe(3)
    expect([0, 1, 2].map((detail) => readRaw(arena, prepared.rendered.get(detail)))).toEqual(['<a>', 'same', '<标签>'])
    expect(numbers.map((detail) => detail < 3 && prepared.rendered.get(detail) === details.texts.get(detail))).toEqual([
      false,
      true,
      false,
      false,
    ])
  })

  it('an evicted detail is rendered again when its number is reused', () => {
    const { arena, details, prepared } = prepare()
    for (const text of ['a', 'same']) prepared.render(details.acquire(text))
    for (const detail of [0, 1]) {
      prepared.evict(detail)
      details.release(detail)
    }
    // Evicting a detail that is not cached has no effect.
    prepared.evict(1)
    prepared.evict(17)
    for (const text of ['b', 'c', 'd']) prepared.render(details.acquire(text))
    expect([0, 1, 2].map((detail) => readRaw(arena, prepared.rendered.get(detail)))).toEqual(['<c>', '<b>', '<d>'])
  })

  it('free returns all memory to the arena', () => {
    const { arena, details, prepared } = prepare()
    const numbers = Array.from({ length: 30 }, (_, n) => details.acquire(n % 3 === 0 ? 'same' : `detail ${n}`))
    for (const detail of numbers) prepared.render(detail)
    prepared.free()
    const { top } = arena
    for (let i = 0; i < 4; i++) {
      const next = new PreparedShape(arena, details, SHAPE)
      for (const detail of numbers) next.render(detail)
      next.free()
    }
    expect(arena.top).toBe(top)
    expect(details.read(0)).toBe('same')
  })
})
