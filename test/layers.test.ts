import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

// Holds the table of ARCHITECTURE.md: imports point down only, and the core is pure.

const root = join(import.meta.dirname, '..')

/** Which files a rule is for, and what those may import besides files of their own folder. */
type Rule = { readonly from: RegExp; readonly own?: RegExp; readonly may: readonly RegExp[] }

const NODE = /^node:/
/** The interfaces of the store, which say what every engine promises. */
const STORE_INTERFACES = /^src\/store\/[\w-]*store\.ts$/
const SHARED_API = /^src\/api\/[\w-]+\.ts$/

const RULES: readonly Rule[] = [
  { from: /^src\/core\//, own: /^src\/core\//, may: [] },
  { from: STORE_INTERFACES, own: STORE_INTERFACES, may: [/^src\/core\//] },
  { from: /^src\/store\//, own: /^src\/store\//, may: [NODE, /^src\/core\//, /^pg$/] },
  { from: /^src\/catalog\//, own: /^src\/catalog\//, may: [/^src\/core\//, STORE_INTERFACES, /^node:timers/] },
  {
    from: /^src\/iam\//,
    own: /^src\/iam\//,
    may: [/^src\/core\//, STORE_INTERFACES, /^node:crypto$/, /^jose$/],
  },
  {
    from: SHARED_API,
    own: SHARED_API,
    may: [/^src\/core\//, /^src\/iam\/(principal|token)\.ts$/, /^src\/catalog\/catalog\.ts$/, /^typebox$/],
  },
  ...readdirSync(join(root, 'src/api'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      from: new RegExp(`^src/api/${name}/`),
      own: new RegExp(`^src/api/${name}/`),
      may: [/^src\/core\//, /^src\/catalog\/(catalog|work-turn)\.ts$/, /^src\/iam\//, SHARED_API, /^typebox$/],
    })),
  {
    from: /^src\/server\//,
    own: /^src\/server\//,
    may: [
      /^src\/(core|store|catalog|iam|api)\//,
      /^src\/config\.ts$/,
      NODE,
      /^(fastify|@fastify\/(swagger|fast-json-stringify-compiler)|ajv|pino|typebox)$/,
    ],
  },
  { from: /^src\/settings\.ts$/, may: [NODE] },
  { from: /^src\/store-config\.ts$/, may: [NODE, /^src\/settings\.ts$/] },
  { from: /^src\/config\.ts$/, may: [NODE, /^src\/core\/profile\.ts$/, /^src\/(settings|store-config)\.ts$/] },
  {
    from: /^src\/cli\//,
    own: /^src\/cli\//,
    may: [
      /^src\/(config|settings|store-config)\.ts$/,
      /^src\/server\/start\.ts$/,
      /^src\/store\/(open|copy|check)\.ts$/,
      NODE,
      /^(commander|cli-progress)$/,
    ],
  },
  { from: /^src\/main\.ts$/, may: [/^src\/cli\/commands\.ts$/, NODE] },
]

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file}`)

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** What a file imports: paths from the root for files, names for packages. */
function importsOf(file: string): string[] {
  const found = textOf(file).matchAll(
    /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
  )
  return Array.from(found, (match) => (match[1] ?? match[2] ?? match[3]) as string).map((name) =>
    name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name,
  )
}

describe('layers', () => {
  it.each(sources)('%s imports only what its layer may', (file) => {
    const rule = RULES.find(({ from }) => from.test(file))
    expect(rule, `no rule for ${file}: which layer is it?`).toBeDefined()
    const allowed = [...(rule?.may ?? []), ...(rule?.own === undefined ? [] : [rule.own])]
    const forbidden = importsOf(file).filter((name) => !allowed.some((pattern) => pattern.test(name)))
    expect(forbidden).toEqual([])
  })

  it('sees imports at all', () => {
    expect(importsOf('src/catalog/catalog.ts')).toContain('src/core/tag-query.ts')
    expect(importsOf('src/catalog/catalog.ts')).toContain('src/store/store.ts')
  })

  it.each(sources.filter((file) => file.startsWith('src/core/')))(
    '%s is pure: no time, chance, environment',
    (file) => {
      const impure = textOf(file).match(
        /\b(Date\b|Math\.random|process\.|performance\.|setTimeout|setImmediate|fetch\(|await )/g,
      )
      expect(impure).toBeNull()
    },
  )

  it.each(sources.filter((file) => file !== 'src/config.ts'))('%s does not read the environment', (file) => {
    expect(textOf(file)).not.toMatch(/process\.env/)
  })

  it.each(sources.filter((file) => !/^src\/server\/(start|worker-process)\.ts$/.test(file)))(
    '%s takes the time from the clock it is given',
    (file) => {
      // Durations that are only shown to a person may use the monotonic clock.
      expect(textOf(file)).not.toMatch(/Date\.now|new Date\(\)|Math\.random/)
    },
  )

  it('names every operation file after its operation', () => {
    for (const file of sources.filter((name) => /^src\/api\/[\w-]+\//.test(name))) {
      const id = /^ {4}id: '(\w+)',$/m.exec(textOf(file))?.[1]
      if (id === undefined) continue
      const kebab = id.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
      expect(file.split('/').at(-1), `operation ${id}`).toBe(`${kebab}.ts`)
    }
  })

  it('has a mirror test for every operation', () => {
    const operations = sources.filter((file) => /^ {4}id: '\w+',$/m.test(textOf(file)) && file.startsWith('src/api/'))
    const tests = readdirSync(join(root, 'test/api'), { recursive: true, encoding: 'utf8' })
    const missing = operations.filter(
      (file) => !tests.includes(file.replace('src/api/', '').replace(/\.ts$/, '.test.ts')),
    )
    expect(operations.length).toBeGreaterThan(10)
    expect(missing).toEqual([])
  })
})
