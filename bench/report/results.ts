import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CaseResult } from './figure.ts'

/** Reads a file of results. Returns none when it does not exist. */
export async function readResults(file: string): Promise<readonly CaseResult[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]'
    throw error
  })
  return JSON.parse(text) as CaseResult[]
}

/** Merges results into a file: each replaces the earlier result of the same case. */
export async function saveResults(file: string, results: readonly CaseResult[]): Promise<void> {
  const earlier = await readResults(file)
  const others = earlier.filter(({ name }) => !results.some((result) => result.name === name))
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify([...others, ...results], null, 1)}\n`)
}
