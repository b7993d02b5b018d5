import { describe, expect, it } from 'vitest'
import { BufferPool } from '../../src/catalog/buffer-pool.ts'

const MIB = 2 ** 20

describe('BufferPool', () => {
  it('a buffer has the requested length', () => {
    const buffers = new BufferPool()
    for (const length of [0, 1, 4095, 4096, 4097, 5120, 5121, 8191, 8192, 8193, 540_001, 2 * MIB, 2 * MIB + 1]) {
      const { bytes, release } = buffers.acquire(length)
      expect(bytes.length).toBe(length)
      release()
    }
  })

  it('a released buffer is reused, and never by two callers at a time', () => {
    const buffers = new BufferPool()
    const first = buffers.acquire(100_000)
    const second = buffers.acquire(100_000)
    expect(second.bytes.buffer).not.toBe(first.bytes.buffer)
    first.release()
    // A second call has no effect: the buffer may belong to another caller by then.
    first.release()
    const third = buffers.acquire(100_001)
    expect(third.bytes.buffer).toBe(first.bytes.buffer)
    expect(buffers.acquire(100_000).bytes.buffer).not.toBe(first.bytes.buffer)
  })

  it('at most a quarter of a buffer is unused', () => {
    const buffers = new BufferPool()
    for (let length = 4096; length < 2 * MIB; length = Math.ceil(length * 1.037)) {
      const { bytes } = buffers.acquire(length)
      expect(bytes.buffer.byteLength).toBeGreaterThanOrEqual(length)
      expect(bytes.buffer.byteLength).toBeLessThanOrEqual(Math.max(4096, length * 1.25))
    }
  })

  it('the pool keeps free buffers up to its limit, and no very large ones', () => {
    const buffers = new BufferPool()
    const held = Array.from({ length: 20 }, () => buffers.acquire(2 * MIB))
    const large = buffers.acquire(3 * MIB)
    for (const { release } of [...held, large]) release()
    const again = new Set(Array.from({ length: 20 }, () => buffers.acquire(2 * MIB).bytes.buffer))
    expect(held.filter(({ bytes }) => again.has(bytes.buffer))).toHaveLength(16)
    expect(buffers.acquire(3 * MIB).bytes.buffer).not.toBe(large.bytes.buffer)
  })
})
