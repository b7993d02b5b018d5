import { afterEach, describe, expect, it, vi } from 'vitest'

describe('wasmKernels', () => {
  afterEach(() => vi.resetModules())

  /** The module before it has compiled the kernels. */
  async function importFresh(): Promise<typeof import('../../../src/search-index/kernels/wasm-kernels.ts')> {
    vi.resetModules()
    return import('../../../src/search-index/kernels/wasm-kernels.ts')
  }
  class Accepting {
    readonly buffer = new ArrayBuffer(0)
    readonly exports = {}
    grow(): number {
      return 0
    }
  }
  class Refusing {
    readonly buffer = new ArrayBuffer(0)
    readonly exports = {}
    constructor() {
      throw new RangeError('refused')
    }
    grow(): number {
      return 0
    }
  }

  it('each call returns kernels over a new memory of the given number of pages', async () => {
    const { wasmKernels } = await importFresh()
    const made = wasmKernels(3)
    expect([made?.memory.buffer.byteLength, made?.kernels.isFast]).toEqual([3 * 65_536, true])
    expect(wasmKernels(1)?.memory).not.toBe(made?.memory)
  })

  it('a runtime without WebAssembly gets undefined', async () => {
    const { wasmKernels } = await importFresh()
    vi.stubGlobal('WebAssembly', undefined)
    try {
      expect(wasmKernels(1)).toBeUndefined()
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('a processor without SIMD instructions gets undefined, and the kernels are not compiled again', async () => {
    const { wasmKernels } = await importFresh()
    expect(wasmKernels(1, { Module: Refusing, Memory: Accepting, Instance: Accepting })).toBeUndefined()
    expect(wasmKernels(1)).toBeUndefined()
  })

  it('an exhausted address space yields undefined, and the next call tries again', async () => {
    const { wasmKernels } = await importFresh()
    expect(wasmKernels(1, { Module: Accepting, Memory: Refusing, Instance: Accepting })).toBeUndefined()
    expect(wasmKernels(1, { Module: Accepting, Memory: Accepting, Instance: Accepting })?.kernels.isFast).toBe(true)
    expect(wasmKernels(1, undefined)?.kernels).toBeUndefined()
  })
})
