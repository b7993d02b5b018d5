import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Arena, roomOf } from '../../../src/search-index/memory/arena.ts'
import { KERNEL_MODES } from '../indexes.ts'

const MIB = 2 ** 20

describe('roomOf', () => {
  it('a block has at least the requested bytes, at most a quarter more, and a multiple of eight', () => {
    expect([0, 1, 8, 9, 64, 65, 80, 81].map(roomOf)).toEqual([8, 8, 8, 16, 64, 80, 80, 96])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (bytes) => {
        const size = roomOf(bytes)
        expect(size % 8).toBe(0)
        expect(size).toBeGreaterThanOrEqual(bytes)
        expect(size).toBeLessThanOrEqual(Math.max(bytes + 7, bytes * 1.25))
        expect(roomOf(size)).toBe(size)
      }),
    )
  })
})

describe.each(KERNEL_MODES)('Arena with %s kernels', (mode) => {
  it('live blocks never overlap and keep their contents', () => {
    const size = fc.oneof(fc.nat(100), fc.nat(6000), fc.constantFrom(0, 8, 64, 65, 4096, 40_000))
    const operation = fc.tuple(fc.constantFrom('alloc', 'alloc', 'free'), size, fc.nat(2 ** 20))
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 150, size: 'max' }), (operations) => {
        const arena = new Arena(mode)
        const live: { address: number; bytes: number; mark: number }[] = []
        for (const [n, [kind, bytes, choice]] of operations.entries()) {
          if (kind === 'alloc' || live.length === 0) {
            const address = arena.alloc(bytes)
            expect(address % 8).toBe(0)
            expect(address).toBeGreaterThan(0)
            const mark = n & 0xff
            arena.u8.fill(mark, address, address + roomOf(bytes))
            live.push({ address, bytes, mark })
          } else {
            const [{ address, bytes: size }] = live.splice(choice % live.length, 1) as [(typeof live)[0]]
            arena.free(address, size)
          }
        }
        expect(arena.top).toBeLessThanOrEqual(arena.capacity)
        for (const { address, bytes, mark } of live) {
          const block = arena.u8.subarray(address, address + roomOf(bytes))
          expect(block.every((byte) => byte === mark)).toBe(true)
        }
        const spans = live.map(({ address, bytes }) => [address, address + roomOf(bytes)] as const)
        spans.sort(([a], [b]) => a - b)
        for (const [i, [start]] of spans.entries()) expect(start).toBeGreaterThanOrEqual(spans[i - 1]?.[1] ?? 16)
      }),
      { numRuns: 60 },
    )
  })

  it('freed blocks are reused within their size class', () => {
    const arena = new Arena(mode)
    const [a, b] = [arena.alloc(100), arena.alloc(100)]
    arena.free(a, 100)
    arena.free(b, 97)
    const { top } = arena
    expect([arena.alloc(112), arena.alloc(99)]).toEqual([b, a])
    expect(arena.top).toBe(top)
    expect(arena.alloc(100)).toBe(top)
  })

  it('allocZeroed returns zeros, also over freed blocks and bytes that kernels wrote past the end', () => {
    const arena = new Arena(mode)
    // Kernels write up to 32 bytes past the end of the last block.
    arena.u8.fill(9, arena.alloc(4096), arena.top + 32)
    const fresh = arena.allocZeroed(8192)
    const isZero = (address: number) => arena.u8.subarray(address, address + 8192).every((byte) => byte === 0)
    expect(isZero(fresh)).toBe(true)
    arena.u8.fill(9, fresh, fresh + 8192)
    arena.free(fresh, 8192)
    expect([arena.allocZeroed(8192), isZero(fresh)]).toEqual([fresh, true])
    const next = arena.allocZeroed(8192)
    expect([next >= fresh + 8192, isZero(next)]).toEqual([true, true])
  })

  it('all views show the same bytes, which growth preserves', () => {
    const arena = new Arena(mode)
    expect(arena.capacity).toBe(0)
    const address = arena.alloc(16)
    arena.f64[address >>> 3] = 1.5
    arena.u32[(address >>> 2) + 2] = 0x0403_0201
    for (let i = 0; i < 12; i++) {
      arena.alloc(MIB / 4)
      expect(arena.f64[address >>> 3]).toBe(1.5)
      expect(arena.u16[(address >>> 1) + 4]).toBe(0x0201)
      expect([...arena.u8.subarray(address + 8, address + 12)]).toEqual([1, 2, 3, 4])
      expect(arena.u8.length).toBe(arena.capacity)
      expect(arena.capacity).toBeGreaterThanOrEqual(arena.top + 64)
    }
    expect(arena.kernels.isFast).toBe(mode === 'wasm')
  })

  it('a restored arena allocates the same addresses as the original', () => {
    const arena = new Arena(mode)
    const blocks = [8, 100, 5000, 100].map((bytes) => [arena.alloc(bytes), bytes] as const)
    for (const [address, bytes] of blocks.slice(1)) arena.free(address, bytes)
    const copy = new Arena(mode)
    copy.restore(arena.state())
    copy.u8.set(arena.u8.subarray(0, arena.top))
    expect(copy.top).toBe(arena.top)
    expect(copy.state()).toEqual(arena.state())
    for (const bytes of [100, 100, 100, 5000, 8, 5000]) expect(copy.alloc(bytes)).toBe(arena.alloc(bytes))
  })

  it('an allocation past 4 GiB is refused and changes nothing', () => {
    const arena = new Arena(mode)
    const address = arena.alloc(8)
    arena.u32[address >>> 2] = 7
    const { top, capacity } = arena
    expect(() => arena.alloc(2 ** 32 - 2 ** 16)).toThrow(new RangeError('an index is larger than 4 GiB'))
    expect([arena.top, arena.capacity, arena.u32[address >>> 2]]).toEqual([top, capacity, 7])
    expect(arena.alloc(8)).toBe(top)
  })
})

describe('Arena in mode auto', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  it('an arena above one MiB moves to the WebAssembly kernels and keeps its contents', () => {
    const arena = new Arena()
    const address = arena.alloc(64)
    arena.u8.fill(9, address, address + 64)
    arena.alloc(MIB / 2)
    expect(arena.kernels.isFast).toBe(false)
    arena.alloc(MIB / 2)
    expect(arena.kernels.isFast).toBe(true)
    expect(arena.u8.subarray(address, address + 64).every((byte) => byte === 9)).toBe(true)
  })

  it('an arena keeps the plain kernels where WebAssembly is unsupported', async () => {
    vi.resetModules()
    vi.stubGlobal('WebAssembly', undefined)
    const { Arena: Fresh } = await import('../../../src/search-index/memory/arena.ts')
    for (const mode of ['auto', 'wasm'] as const) {
      const arena = new Fresh(mode)
      const address = arena.alloc(2 * MIB)
      arena.u8[address] = 5
      arena.alloc(MIB)
      expect([arena.kernels.isFast, arena.u8[address]]).toEqual([false, 5])
    }
  })
})
