import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

// Puts the program together for publishing: a few files that need nothing beside them, for modules in hundreds of files are
// most of what a start takes. The licenses of what is put in go along.

const root = join(import.meta.dirname, '..')

/** The program, and the files that it starts threads and processes from by name. */
const ENTRIES = {
  main: 'src/main.ts',
  'writer-thread': 'src/store/sqlite/writer-thread.ts',
  'snapshot-thread': 'src/service/snapshot-thread.ts',
  'worker-main': 'src/service/worker-main.ts',
}

/** Builds the program into a folder, which is emptied first. Throws where anything does not fit together. */
export async function build(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(root, file)])),
    platform: 'node',
    // The driver asks for its native twin and does without.
    external: ['pg-native'],
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(`building: ${log.message}`)
    },
  })
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    keepNames: true,
  })
  await bundle.close()
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  writeFileSync(join(folder, 'third-party-licenses.txt'), licensesOf(modules))
}

/** The licenses of the packages that modules come from, one after the other by name. */
function licensesOf(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []))
  const parts = Array.from(folders, (folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    if (license === undefined) throw new Error(`building: ${name} does not say under which license it is`)
    const text = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file))
    const words = text === undefined ? '' : `\n${readFileSync(join(folder, text), 'utf8').trim()}\n`
    return `${name} ${version}: ${license}\n${words}`
  })
  const head = 'This program contains the following packages, each under its own license.\n'
  return [head, ...parts.toSorted()].join(`\n${'-'.repeat(80)}\n\n`)
}

type Manifest = { readonly name: string; readonly version: string; readonly license?: string }

if (process.argv[1] === import.meta.filename) {
  await build(join(root, 'dist'))
}
