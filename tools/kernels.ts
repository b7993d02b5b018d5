import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const ENTRY = 'kernels/kernels.ts'
const OPTIONS = [
  '-O3',
  '--runtime',
  'stub',
  '--noAssert',
  '--importMemory',
  '--noExportMemory',
  '--enable',
  'simd',
  '--enable',
  'bulk-memory',
]

/** Compiles the WebAssembly kernels. Returns the text of the module that embeds them. `abi`: see `kernelAbi`. */
export async function kernelsModule(root: string, abi: string): Promise<string> {
  let wasm: Uint8Array | undefined
  const { error, stderr } = await asc.main([ENTRY, '--outFile', 'kernels.wasm', ...OPTIONS], {
    readFile: (name: string) => (name === 'kernels/abi.ts' ? abi : readSource(root, name)),
    writeFile: (_name: string, contents: string | Uint8Array) => {
      wasm = contents as Uint8Array
    },
    listFiles: () => [],
  })
  if (error !== null || wasm === undefined)
    throw new Error(`the kernels do not compile: ${error}\n${stderr.toString()}`)
  const lines = Buffer.from(wasm)
    .toString('base64')
    .match(/.{1,110}/g) as string[]
  const literals = lines.map((line) => `  '${line}',`).join('\n')
  return [
    `// Generated from ${ENTRY} by \`npm run gen\`.`,
    '',
    '/** The WebAssembly kernels, in base64. */',
    `export const WASM_BINARY = [\n${literals}\n].join('')`,
    '',
  ].join('\n')
}

function readSource(root: string, name: string): string | null {
  try {
    return readFileSync(join(root, name), 'utf8')
  } catch {
    // The compiler tries several names for an import.
    return null
  }
}
