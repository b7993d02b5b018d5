import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { type BundledPackage, bundledPackages } from './bundled-packages.ts'
import { builtConsole } from './console.ts'
import { softwareBillOfMaterials } from './sbom.ts'

// Bundles the program for publishing into a few files without dependencies, because loading hundreds of modules dominates
// the start time.

const root = join(import.meta.dirname, '..')

/** The program, and the entry files of its threads and worker processes, which are loaded by file name. */
const ENTRIES = {
  main: 'src/main.ts',
  'writer-thread': 'src/store/sqlite/writer-thread.ts',
  'snapshot-thread': 'src/service/snapshot-thread.ts',
  'worker-main': 'src/service/worker-main.ts',
}

/**
 * Bundles the program and its console into a folder, which is emptied first, with the licenses and the software bill of
 * materials of the packages in them, and gives these packages. Throws on any warning of the bundler.
 */
export async function build(folder: string): Promise<readonly BundledPackage[]> {
  rmSync(folder, { recursive: true, force: true })
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(root, file)])),
    platform: 'node',
    // An optional dependency of the PostgreSQL driver, which works without it.
    external: ['pg-native'],
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(`bundling failed: ${log.message}`)
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
  const console = builtConsole()
  cpSync(console.folder, join(folder, 'console'), { recursive: true })
  const packages = bundledPackages([...modules, ...console.build.packages.map((place) => join(root, place))])
  writeFileSync(join(folder, 'third-party-licenses.txt'), licensesOf(packages))
  writeFileSync(join(folder, 'sbom.cdx.json'), softwareBillOfMaterials(root, packages))
  return packages
}

/** The licenses of packages, with their texts. */
function licensesOf(packages: readonly BundledPackage[]): string {
  const parts = packages.map(({ folder, name, version, license }) => {
    const text = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file))
    const words = text === undefined ? '' : `\n${readFileSync(join(folder, text), 'utf8').trim()}\n`
    return `${name} ${version}: ${license}\n${words}`
  })
  const head = 'This program contains the following packages, each under its own license.\n'
  return [head, ...parts.toSorted()].join(`\n${'-'.repeat(80)}\n\n`)
}

if (process.argv[1] === import.meta.filename) {
  await build(join(root, 'dist'))
}
