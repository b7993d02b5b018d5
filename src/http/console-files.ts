import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A file of the console, as its build describes it. */
export type ConsoleFile = {
  /** Its path below `/console/`. */
  readonly path: string
  readonly mediaType: string
  /** A sum of its content. */
  readonly sum: string
  /** Whether its name changes with its content. */
  readonly isHashed: boolean
  /** The packed forms that lie beside it. */
  readonly packed: readonly Packing[]
}

/** Forms in which a file can be sent packed: the value of `Content-Encoding`. */
export type Packing = 'br' | 'gzip'

/** What `build.json` says, which a build writes last. */
export type ConsoleBuild = { readonly files: readonly ConsoleFile[] }

/** Name of the file that describes a build. */
export const BUILD_FILE = 'build.json'
/** Name of the page that starts the console. */
export const INDEX_FILE = 'index.html'
/** Suffixes of packed files. The first one that a client accepts is sent. */
export const SUFFIXES: Readonly<Record<Packing, string>> = { br: '.br', gzip: '.gz' }

/** A file in memory. */
export type LoadedFile = Omit<ConsoleFile, 'packed'> & {
  readonly content: Buffer
  readonly packed: ReadonlyMap<Packing, Buffer>
}

/** All files of a build by their paths. */
export type LoadedConsole = ReadonlyMap<string, LoadedFile>

/**
 * Gives the function that loads the console of a folder at its first call, and again until it is there; undefined while it
 * is not built. Nothing is read before, so that the service starts no later.
 */
export function consoleLoader(folder: string): () => Promise<LoadedConsole | undefined> {
  let loaded: Promise<LoadedConsole | undefined> | undefined
  return async () => {
    loaded ??= load(folder)
    const files = await loaded.catch((error) => {
      loaded = undefined
      throw error
    })
    if (files === undefined) loaded = undefined
    return files
  }
}

async function load(folder: string): Promise<LoadedConsole | undefined> {
  const text = await readFile(join(folder, BUILD_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const { files } = JSON.parse(text) as ConsoleBuild
  return new Map(await Promise.all(files.map(async (file) => [file.path, await loadFile(folder, file)] as const)))
}

async function loadFile(folder: string, { packed, ...file }: ConsoleFile): Promise<LoadedFile> {
  const path = join(folder, file.path)
  const forms = packed.map(async (packing) => [packing, await readFile(path + SUFFIXES[packing])] as const)
  return { ...file, content: await readFile(path), packed: new Map(await Promise.all(forms)) }
}
