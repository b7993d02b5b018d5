import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const SOURCE = 'kernels/kernels.ts'
const OPTIONS = [
  ...['-O3', '--runtime', 'stub', '--noAssert', '--importMemory', '--noExportMemory'],
  ...['--enable', 'simd', '--enable', 'bulk-memory'],
]

/** Compiles the fast kernels; gives the text of the module that holds them. */
export async function kernelsModule(root: string): Promise<string> {
  let wasm: Uint8Array | undefined
  const { error, stderr } = await asc.main([SOURCE, '--outFile', 'kernels.wasm', ...OPTIONS], {
    readFile: (name: string) => (name === SOURCE ? readFileSync(join(root, name), 'utf8') : null),
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
    `// Generated from ${SOURCE} by \`npm run gen\`.`,
    '',
    '/** The fast kernels as WebAssembly, in base64. */',
    `export const WASM_BINARY = [\n${literals}\n].join('')`,
    '',
  ].join('\n')
}
