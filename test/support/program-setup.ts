import { cpSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { build } from '../../tools/build.ts'
import { provideOnDemand } from './on-demand.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests ask for the path of the bundled program. */
    readonly programAt: string
  }
}

const root = join(import.meta.dirname, '../..')
/** Always the same folder, so that Node finds the compiled program again instead of keeping one of each run. */
const FOLDER = join(root, 'node_modules/.cache/tagwerk-tests-program')

/** One bundle of the program for a whole run, as it is published, made when the first test asks for it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const program = await provideOnDemand(async () => {
    // Another run may be using the folder.
    const draft = `${FOLDER}-${process.pid}`
    await build(join(draft, 'dist'))
    cpSync(join(root, 'package.json'), join(draft, 'package.json'))
    rmSync(FOLDER, { recursive: true, force: true })
    renameSync(draft, FOLDER)
    return join(FOLDER, 'dist', 'main.js')
  })
  project.provide('programAt', program.url)
  project.onTestsRerun(program.forget)
  return program.close
}
