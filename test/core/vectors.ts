import { readFileSync } from 'node:fs'

/** Reads a file of `test/vectors/core`. */
export function readVectors<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/core/${file}`, import.meta.url), 'utf8')) as T
}
