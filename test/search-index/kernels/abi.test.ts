import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { kernelAbi } from '../../../tools/kernel-abi.ts'

// `gen --check` also compares the compiled kernels with their sources; this fails within milliseconds.

it('the constants of the AssemblyScript kernels are those of src/search-index/kernels/abi.ts', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../../kernels/abi.ts'), 'utf8')
  expect(committed).toBe(kernelAbi())
})

it('a kernel source takes every offset of a struct from kernels/abi.ts', () => {
  const sources = ['check', 'columns', 'evaluate', 'fusion', 'names', 'operands', 'pages']
  for (const name of sources) {
    const text = readFileSync(join(import.meta.dirname, `../../../kernels/${name}.ts`), 'utf8')
    expect({ name, offsets: text.match(/\b(tables|entry|job|piece|container), \d+\)/g) }).toEqual({
      name,
      offsets: null,
    })
  }
})
