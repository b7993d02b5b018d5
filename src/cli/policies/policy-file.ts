import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { UsageError } from '../command.ts'
import type { Io } from '../io.ts'

/** Reads a tag policy from a file, or from standard input for `-`. Throws a UsageError for one that is no JSON. */
export async function readPolicy(io: Io, file: string): Promise<unknown> {
  const content = file === '-' ? await text(io.stdin) : await readFile(file, 'utf8')
  try {
    return JSON.parse(content)
  } catch (error) {
    throw new UsageError(`${file} is not a tag policy: ${(error as Error).message}`)
  }
}
