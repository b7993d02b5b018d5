import { inject } from 'vitest'
import { ask } from './on-demand.ts'

let program: string | undefined

/**
 * Gives the path of the program, bundled as it is published: for a process that ends soon, reading the hundreds of files of
 * the sources is most of the work.
 */
export async function bundledProgram(): Promise<string> {
  program ??= await ask(inject('programAt'))
  return program
}
