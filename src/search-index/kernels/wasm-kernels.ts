import type { Kernels } from './kernels.ts'
import { WASM_BINARY } from './wasm-binary.ts'

export type WasmMemory = { readonly buffer: ArrayBuffer; grow(pages: number): number }

/** The part of the WebAssembly API that is used here; the runtime may lack it. */
type WasmApi = {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** Pages of 64 KiB in 4 GiB. */
const PAGES_MAX = 65_536

let compiled: object | 'unsupported' | undefined

function compile(api: WasmApi | undefined): object | 'unsupported' {
  if (api === undefined) return 'unsupported'
  try {
    return new api.Module(Uint8Array.from(atob(WASM_BINARY), (char) => char.charCodeAt(0)))
  } catch {
    // The processor lacks SIMD instructions: the plain kernels take over.
    return 'unsupported'
  }
}

/**
 * Allocates a memory of a number of 64 KiB pages and instantiates the WebAssembly kernels over it. Undefined when WebAssembly
 * with SIMD is unsupported, or when the address space is exhausted.
 */
export function wasmKernels(
  pages: number,
  api = (globalThis as { WebAssembly?: WasmApi }).WebAssembly,
): { readonly memory: WasmMemory; readonly kernels: Kernels } | undefined {
  compiled ??= compile(api)
  if (compiled === 'unsupported' || api === undefined) return undefined
  try {
    const memory = new api.Memory({ initial: pages, maximum: PAGES_MAX })
    const { exports } = new api.Instance(compiled, { env: { memory } })
    return { memory, kernels: { ...(exports as Omit<Kernels, 'isFast'>), isFast: true } }
  } catch {
    return undefined
  }
}
