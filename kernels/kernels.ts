// The kernels in AssemblyScript, for WebAssembly with SIMD. `src/search-index/kernels/kernels.ts` documents the functions and
// `src/search-index/kernels/abi.ts` the structs that they read. `src/search-index/kernels/plain-kernels.ts` is the same in
// plain TypeScript, and passes the same tests. `npm run gen` compiles this module into
// `src/search-index/kernels/wasm-binary.ts`.

export { check } from './check'
export { evaluate } from './evaluate'
export { filterNames } from './names'
export { writePage } from './pages'
