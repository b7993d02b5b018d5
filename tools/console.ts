import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Rolldown } from 'vite'
import {
  BUILD_FILE,
  type ConsoleBuild,
  type ConsoleFile,
  INDEX_FILE,
  type Packing,
  SUFFIXES,
} from '../src/http/console-files.ts'

// Builds the console into `console/dist`, with packed forms of its files, and fails when the first page load grew too large.
// Does nothing when the build is of the present sources.

const root = join(import.meta.dirname, '..')
const folder = join(root, 'console/dist')

/** What the first page load may take, packed with gzip and without fonts. */
const FIRST_LOAD_BYTES_MAX = 300 * 1024
const KIB = 1024

/** Everything that the build is made from. */
const INPUTS = [
  'console/src',
  'console/public',
  'console/index.html',
  'console/vite.config.ts',
  'console/package.json',
  'package-lock.json',
  'src/core',
  'src/http/console-files.ts',
  'tools/console.ts',
]
/** Types alone, which are generated. */
const NO_INPUT = /\.d\.ts$/

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}
const FONT = '.woff2'
/** Files that are packed already. */
const UNPACKABLE: readonly string[] = ['.ico', '.png', FONT]

/** A build, with what only tools read of it. */
export type BuiltConsole = ConsoleBuild & {
  /** A sum of all inputs. */
  readonly inputs: string
  /** Folders of the packages that are in it, from the root. */
  readonly packages: readonly string[]
  /** The files of the first page load, with their packed sizes. */
  readonly firstLoad: Readonly<Record<string, number>>
  /** The fonts, with their sizes. A browser loads those of the letters on the page. */
  readonly fonts: Readonly<Record<string, number>>
}

/** Builds the console unless the build is up to date, in a process of its own. Gives its folder and what is in it. */
export function builtConsole(): { readonly folder: string; readonly build: BuiltConsole } {
  if (readBuild()?.inputs !== sumOfInputs()) {
    const { status, stderr } = spawnSync(process.execPath, [import.meta.filename], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`building the console failed:\n${stderr}`)
  }
  return { folder, build: readBuild() as BuiltConsole }
}

function readBuild(): BuiltConsole | undefined {
  const file = join(folder, BUILD_FILE)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BuiltConsole) : undefined
}

function sumOfInputs(): string {
  const hash = createHash('sha256')
  for (const input of INPUTS.flatMap(filesOf)) hash.update(`${input}\0`).update(readFileSync(join(root, input)))
  return hash.digest('hex')
}

/** The files of an input, itself or those in it. */
function filesOf(input: string): readonly string[] {
  const place = join(root, input)
  if (!existsSync(place)) return []
  if (extname(input) !== '') return [input]
  const entries = readdirSync(place, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !NO_INPUT.test(entry.name))
  return files.map(({ parentPath, name }) => relative(root, join(parentPath, name))).toSorted()
}

/** Builds into a folder beside the former build, and puts it in its place when all is well. */
async function build(inputs: string): Promise<BuiltConsole> {
  // Vite asks this variable whether to build for production; tests set it to "test".
  process.env.NODE_ENV = 'production'
  const vite = await import('vite')
  const draft = `${folder}-${process.pid}`
  mkdirSync(draft)
  try {
    const { output } = (await vite.build({
      root: join(root, 'console'),
      logLevel: 'warn',
      build: { outDir: draft, emptyOutDir: true, chunkSizeWarningLimit: Number.POSITIVE_INFINITY },
    })) as Rolldown.RolldownOutput
    const built = {
      inputs,
      packages: packagesOf(output),
      firstLoad: packedSizes(draft, firstLoadOf(output)),
      fonts: Object.fromEntries(fontsIn(draft)),
      files: output.map(({ fileName }) => describeAndPack(draft, fileName)),
    }
    checkFirstLoad(built)
    writeFileSync(join(draft, BUILD_FILE), `${JSON.stringify(built, null, 2)}\n`)
    putInPlace(draft, inputs)
    return built
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** Puts a build in the place of the former one. Another process may have done the same at the same time. */
function putInPlace(draft: string, inputs: string): void {
  rmSync(folder, { recursive: true, force: true })
  try {
    renameSync(draft, folder)
  } catch (error) {
    if (readBuild()?.inputs !== inputs) throw error
  }
}

type Output = Rolldown.RolldownOutput['output']

/** The page, and the scripts and style sheets that it loads before anything is clicked. */
function firstLoadOf(output: Output): readonly string[] {
  const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])))
  const files = new Set([INDEX_FILE])
  const add = (name: string) => {
    const chunk = chunks.get(name)
    if (chunk === undefined || files.has(name)) return
    files.add(name)
    for (const sheet of chunk.viteMetadata?.importedCss ?? []) files.add(sheet)
    chunk.imports.forEach(add)
  }
  for (const { fileName, isEntry } of chunks.values()) if (isEntry) add(fileName)
  return [...files]
}

function packedSizes(place: string, files: readonly string[]): Record<string, number> {
  return Object.fromEntries(files.map((file) => [file, gzipSync(readFileSync(join(place, file)), { level: 9 }).length]))
}

function fontsIn(place: string): readonly (readonly [string, number])[] {
  const files = readdirSync(join(place, 'assets')).filter((file) => file.endsWith(FONT))
  return files.map((file) => [`assets/${file}`, readFileSync(join(place, 'assets', file)).length])
}

/** Writes the packed forms of a file beside it, where they are smaller. */
function describeAndPack(place: string, path: string): ConsoleFile {
  const mediaType = MEDIA_TYPES[extname(path)]
  if (mediaType === undefined) throw new Error(`${path} has no media type: add "${extname(path)}" to tools/console.ts`)
  const content = readFileSync(join(place, path))
  // The page gets a nonce at each request.
  const isPackable = path !== INDEX_FILE && !UNPACKABLE.includes(extname(path))
  const packed: Packing[] = []
  for (const [packing, pack] of isPackable ? PACKERS : []) {
    const bytes = pack(content)
    if (bytes.length >= content.length) continue
    writeFileSync(join(place, path + SUFFIXES[packing]), bytes)
    packed.push(packing)
  }
  const sum = createHash('sha256').update(content).digest('base64url').slice(0, 22)
  return { path, mediaType, sum, isHashed: /^assets\/.+-[\w-]{8}\.\w+$/.test(path), packed }
}

/** In the order in which the service prefers them. */
const PACKERS: readonly (readonly [Packing, (content: Buffer) => Buffer])[] = [
  ['br', (content) => brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })],
  ['gzip', (content) => gzipSync(content, { level: 9 })],
]

/** Folders of the packages with modules, style sheets or other files in the build. */
function packagesOf(output: Output): readonly string[] {
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  const assets = output.flatMap((file) => (file.type === 'asset' ? file.originalFileNames : []))
  // Imports between style sheets are resolved before the bundler sees them.
  const imports = modules.filter((file) => file.endsWith('.css')).flatMap(stylesIn)
  const places = [...modules, ...assets.map((file) => join(root, 'console', file)), ...imports]
  const folders = places.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [])
  return [...new Set(folders)].map((place) => relative(root, place)).toSorted()
}

/** Paths in the packages from which a style sheet imports others. */
function stylesIn(file: string): readonly string[] {
  const names = Array.from(
    readFileSync(file, 'utf8').matchAll(/@import\s+["']([^."'][^"']*)/g),
    ([, name]) => name as string,
  )
  return names.map((name) => join(root, 'node_modules', name))
}

/** Throws when the first page load is too large. */
export function checkFirstLoad(built: BuiltConsole): void {
  if (sumOf(built.firstLoad) <= FIRST_LOAD_BYTES_MAX) return
  throw new Error(`the first page load is larger than ${FIRST_LOAD_BYTES_MAX / KIB} KiB:\n${sizesOf(built)}`)
}

function sumOf(sizes: Readonly<Record<string, number>>): number {
  return Object.values(sizes).reduce((sum, size) => sum + size, 0)
}

/** What a browser loads, for people. */
export function sizesOf({ firstLoad, fonts }: BuiltConsole): string {
  const line = ([name, size]: [string, number]) => `${(size / KIB).toFixed(1).padStart(8)} KiB  ${name}`
  const total = `${(sumOf(firstLoad) / KIB).toFixed(1)} of ${FIRST_LOAD_BYTES_MAX / KIB} KiB`
  return [
    `first page load of the console, packed with gzip: ${total}`,
    ...Object.entries(firstLoad).map(line),
    `fonts, of which a browser loads those of the letters on the page: ${(sumOf(fonts) / KIB).toFixed(1)} KiB`,
    ...Object.entries(fonts).map(line),
  ].join('\n')
}

if (process.argv[1] === import.meta.filename) {
  const inputs = sumOfInputs()
  const present = readBuild()
  console.log(sizesOf(present?.inputs === inputs ? present : await build(inputs)))
}
