import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

// Holds the import table of ARCHITECTURE.md: imports point down only, make no circle, and the core is pure.

const root = join(import.meta.dirname, '..')

/** Imports allowed to the files that match `from`, besides each other. The first rule that matches a file counts. */
type Rule = { readonly from: RegExp; readonly may: readonly RegExp[] }

const NODE = /^node:/
const CORE = /^src\/core\//
/** The store's interfaces, which state what every engine promises, their records, and the error for a damaged one. */
const STORE_INTERFACES = /^src\/store\/(snapshots\/)?[\w-]*(store|account-records|damaged-row)\.ts$/
const SHARED_API = /^src\/api\/[\w-]+\.ts$/
const MIGRATIONS = /^src\/store\/(migrate\.ts$|migrations\/)/
const SQL = /^src\/store\/sql\//
const COPY = /^src\/store\/copy\//
const CATALOG = /^src\/catalog\/(catalog|time-slice)\.ts$/
const CSV = /^src\/csv\//
const TELEMETRY = /^src\/telemetry\//
const STORE_LOCATION = /^src\/store\/location\.ts$/
const CONFIG = /^src\/config\/(config|console-folder|table|unknown-variables|version)\.ts$/
/** How one setting is parsed, apart from the list of all settings. */
const SETTING_TYPES = /^src\/config\/(setting|value-types|network|postgres-url)\.ts$/

const families = readdirSync(join(root, 'src/api'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const RULES: readonly Rule[] = [
  { from: CORE, may: [] },
  { from: CSV, may: [NODE, /^csv-parse$/] },
  { from: /^src\/search-index\//, may: [CORE] },
  { from: STORE_INTERFACES, may: [CORE] },
  { from: SQL, may: [CORE, STORE_INTERFACES, /^node:crypto$/] },
  { from: MIGRATIONS, may: [CORE, STORE_INTERFACES, SQL] },
  { from: COPY, may: [CORE, STORE_INTERFACES, SQL, MIGRATIONS, NODE] },
  { from: /^src\/store\/snapshots\//, may: [CORE, STORE_INTERFACES, NODE] },
  { from: /^src\/store\/sqlite\//, may: [CORE, STORE_INTERFACES, SQL, MIGRATIONS, COPY, NODE] },
  { from: /^src\/store\/postgres\//, may: [CORE, STORE_INTERFACES, SQL, MIGRATIONS, COPY, NODE, /^pg$/] },
  { from: /^src\/store\/[\w-]+\.ts$/, may: [CORE, /^src\/store\//, NODE] },
  { from: /^src\/catalog\//, may: [CORE, STORE_INTERFACES, /^src\/search-index\//, /^node:(async_hooks|timers|zlib)/] },
  { from: /^src\/log\//, may: [CORE, NODE, /^pino$/] },
  { from: /^src\/telemetry\//, may: [CORE, /^@opentelemetry\/api$/, /^@prometheus-io\/client$/] },
  { from: /^src\/iam\//, may: [CORE, STORE_INTERFACES, /^node:(async_hooks|crypto)$/, /^jose$/] },
  { from: SHARED_API, may: [CORE, /^src\/iam\/(principal|token)\.ts$/, CATALOG, /^typebox$/] },
  ...families.map((name) => ({
    from: new RegExp(`^src/api/${name}/`),
    may: [
      ...[CORE, STORE_INTERFACES, CATALOG, /^src\/iam\//, SHARED_API, /^typebox$/],
      ...(name === 'tagwerk-v1' ? [/^node:(crypto|stream)$/, CSV] : []),
    ],
  })),
  {
    from: /^src\/http\//,
    may: [
      ...[CORE, /^src\/iam\//, SHARED_API, /^src\/store\/store\.ts$/, TELEMETRY, NODE],
      /^(fastify|@fastify\/(swagger|fast-json-stringify-compiler)|ajv|pino|typebox)$/,
    ],
  },
  { from: /^src\/service\/resource-types-file\.ts$/, may: [CORE, SHARED_API, NODE, /^typebox(\/value)?$/] },
  {
    from: /^src\/service\//,
    may: [/^src\/(core|store|catalog|log|telemetry|iam|api|http)\//, /^src\/config\/config\.ts$/, NODE, /^pino$/],
  },
  { from: SETTING_TYPES, may: [NODE] },
  { from: /^src\/config\/limit-settings\.ts$/, may: [SETTING_TYPES] },
  {
    from: /^src\/config\/table\.ts$/,
    may: [SETTING_TYPES, /^src\/config\/limit-settings\.ts$/, /^src\/core\/profile\.ts$/],
  },
  {
    from: /^src\/config\/unknown-variables\.ts$/,
    may: [SETTING_TYPES, /^src\/config\/table\.ts$/, /^src\/core\/similar-name\.ts$/],
  },
  { from: /^src\/config\/(version|console-folder)\.ts$/, may: [NODE] },
  { from: /^src\/config\/config\.ts$/, may: [NODE, CONFIG, SETTING_TYPES, STORE_LOCATION] },
  {
    from: /^src\/cli\//,
    may: [
      CONFIG,
      CORE,
      /^src\/config\/(setting|value-types)\.ts$/,
      NODE,
      /^src\/service\/(start|assembly|seed|admin-password|rotate-keys)\.ts$/,
      /^src\/store\/(store|location|open|check-log|check-policies|copy\/copy-store)\.ts$/,
      CSV,
      /^(commander|cli-progress|csv-stringify(\/sync)?|string-width)$/,
    ],
  },
  { from: /^src\/main\.ts$/, may: [/^src\/cli\/commands\.ts$/, NODE] },
]

/** The console runs in browsers: it has packages of its own, and shares only the core with the service. */
const CONSOLE = /^console\/src\//
const { devDependencies: consolePackages } = JSON.parse(readFileSync(join(root, 'console/package.json'), 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>
}

const sources = filesIn('src', /\.ts$/)
const consoleSources = filesIn('console/src', /\.tsx?$/)
const texts = new Map([...sources, ...consoleSources].map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const imports = new Map(sources.map((file) => [file, importsOf(file)]))

function filesIn(folder: string, pattern: RegExp): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return files.filter((file) => pattern.test(file)).map((file) => `${folder}/${file}`)
}

/** The imports of a file: paths from the root for files, names for packages. */
function importsOf(file: string): string[] {
  const pattern = /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm
  return Array.from(texts.get(file)!.matchAll(pattern), (match) => (match[1] ?? match[2] ?? match[3])!).map((name) =>
    name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name,
  )
}

/** The files for which a condition does not hold, so that a failure names them. */
function filesWhere(isWrong: (text: string) => boolean, files: readonly string[] = sources): string[] {
  return files.filter((file) => isWrong(texts.get(file)!))
}

/** Every import circle of a graph, each once, as the files along it. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const path: string[] = []
  const circles: string[] = []
  const visit = (file: string) => {
    const start = path.indexOf(file)
    if (start >= 0) circles.push([...path.slice(start), file].join(' -> '))
    if (start >= 0 || done.has(file)) return
    path.push(file)
    for (const next of graph.get(file) ?? []) visit(next)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  return circles
}

describe('layers', () => {
  it('every file imports only what its layer may', () => {
    const forbidden = sources.flatMap((file) => {
      const rule = RULES.find(({ from }) => from.test(file))
      if (rule === undefined) return [`${file} belongs to no layer`]
      const allowed = [rule.from, ...rule.may]
      const wrong = imports.get(file)!.filter((name) => !allowed.some((pattern) => pattern.test(name)))
      return wrong.map((name) => `${file} imports ${name}`)
    })
    expect(forbidden).toEqual([])
  })

  it('the console imports only itself, the core and its own packages', () => {
    const isAllowed = (name: string) =>
      CONSOLE.test(name) ||
      CORE.test(name) ||
      Object.keys(consolePackages).some((own) => `${name}/`.startsWith(`${own}/`))
    const forbidden = consoleSources.flatMap((file) =>
      importsOf(file).flatMap((name) => (isAllowed(name) ? [] : [`${file} imports ${name}`])),
    )
    expect(forbidden).toEqual([])
    expect(importsOf('console/src/main.tsx')).toContain('react-dom/client')
  })

  it('the console shows text as text, and runs none', () => {
    const unsafe = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function\(/i
    expect(filesWhere((text) => unsafe.test(text), consoleSources)).toEqual([])
  })

  it('nothing of the service imports the console', () => {
    expect(
      sources.filter((file) => imports.get(file)!.some((name) => /^(console\/|@tagwerk\/console)/.test(name))),
    ).toEqual([])
  })

  it('no imports make a circle', () => {
    expect(circlesOf(imports)).toEqual([])
  })

  it('circles and imports are recognized at all', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['c', ['b']],
    ])
    expect(circlesOf(graph)).toEqual(['b -> c -> b'])
    expect(imports.get('src/catalog/catalog.ts')).toContain('src/core/tag-query.ts')
    expect(imports.get('src/main.ts')).toContain('src/cli/commands.ts')
  })

  it('the core and the search index use neither time nor chance nor the environment', () => {
    const impure =
      /\b(Date\.now|new Date\(\)|Math\.random|process\.|performance\.|setTimeout|setImmediate|fetch\(|await )/
    const files = sources.filter((file) => /^src\/(core|search-index)\//.test(file))
    expect(files.length).toBeGreaterThan(30)
    expect(filesWhere((text) => impure.test(text), files)).toEqual([])
  })

  it('only the configuration reads the environment', () => {
    expect(filesWhere((text) => text.includes('process.env'))).toEqual(['src/config/config.ts'])
  })

  it('only the start of a process reads the wall clock or makes random numbers', () => {
    // A command is a process, too. Durations that are only shown to a person may use the monotonic clock.
    const files = filesWhere((text) => /Date\.now|new Date\(\)|Math\.random/.test(text))
    expect(files.toSorted()).toEqual(['src/cli/io.ts', 'src/service/start.ts', 'src/service/worker-main.ts'])
  })

  it('every operation file is named after its operation and has a mirror test', () => {
    const tests = readdirSync(join(root, 'test/api'), { recursive: true, encoding: 'utf8' })
    const operations = sources.flatMap((file) => {
      const id = /^ {4}id: '(\w+)',$/m.exec(texts.get(file)!)?.[1]
      return id !== undefined && /^src\/api\/[\w-]+\//.test(file) ? [{ file, id }] : []
    })
    expect(operations.length).toBeGreaterThan(10)
    const misnamed = operations.filter(
      ({ file, id }) => file.split('/').at(-1) !== `${id.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}.ts`,
    )
    expect(misnamed).toEqual([])
    const untested = operations.filter(
      ({ file }) => !tests.includes(file.replace('src/api/', '').replace(/\.ts$/, '.test.ts')),
    )
    expect(untested).toEqual([])
  })
})
