import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readResourceTypeRows } from '../../src/service/resource-types-file.ts'
import { run } from '../cli/run.ts'
import { startTestService, type TestService } from '../support/service.ts'

// The rows of --resource-types: what the file may hold, and a service with types of its own.

const folder = mkdtempSync(join(tmpdir(), 'tagwerk-types-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
function fileWith(content: unknown): string {
  const file = join(folder, `${files++}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const APP = {
  name: 'app',
  aliases: ['shop.apps'],
  service: 'shop',
  en: 'Application',
  zh: '应用',
  shape: { keyCharactersMax: 40, valueCharactersMax: 60, tagsMax: 30 },
}
const STOREFRONT = { name: 'storefront', service: 'shop', en: 'Storefront', global: true, shape: 'short' }
const LAMP = { name: 'lamp', service: 'ecs', en: 'Lamp', shape: 'long' }

describe('the file of --resource-types', () => {
  it('gives rows, where the Chinese name is the English one by default', () => {
    expect(readResourceTypeRows(fileWith([APP, STOREFRONT]))).toEqual([
      {
        ...{ name: 'app', aliases: ['shop.apps'], service: 'shop', en: 'Application', zh: '应用', shape: 'long' },
        ...{ keyCharactersMax: 40, valueCharactersMax: 60, tagsMax: 30 },
      },
      {
        ...{ name: 'storefront', service: 'shop', en: 'Storefront', zh: 'Storefront', isGlobal: true, shape: 'short' },
      },
    ])
    expect(readResourceTypeRows(fileWith([]))).toEqual([])
    expect(readResourceTypeRows(undefined)).toEqual([])
  })

  it.each([
    ['an object', {}, 'the file must hold a JSON array of types, such as [{"name":"app"'],
    ['JSON that is not valid', '[{]', 'JSON'],
    ['a member twice', '[{"name":"a","name":"b"}]', '[0].name'],
    ['too many rows', Array(1001).fill(APP), 'at most 1000 types are allowed, not 1001'],
    ['a text for a row', [LAMP, 'x'], 'row 2: must be an object, not "x"'],
    [
      'an unknown member',
      [{ ...APP, colour: 'red' }],
      'row 1 (app): there is no member "colour"; the members are name, aliases, service, en, zh, global, shape',
    ],
    [
      'an unknown member of a shape',
      [{ ...APP, shape: { ...APP.shape, tags: 3 } }],
      'row 1 (app), shape: there is no member "tags"; the members are keyCharactersMax, valueCharactersMax, tagsMax',
    ],
    ['no name', [{ ...LAMP, name: undefined }], 'row 1: "name" is missing: add a text of 1 to 128 digits'],
    ['a name with a blank', [{ ...LAMP, name: 'a b' }], 'row 1: "name" must be a text of 1 to 128 digits'],
    ['an alias with a blank', [{ ...LAMP, aliases: ['a b'] }], 'row 1 (lamp): "aliases" must be a list of at most 20'],
    ['a service with a blank', [{ ...LAMP, service: 'a b' }], 'row 1 (lamp): "service" must be a text of 1 to 64'],
    ['a blank display name', [{ ...LAMP, en: ' ' }], 'row 1 (lamp): "en" must be a text of 1 to 128 characters'],
    ['a word for a switch', [{ ...LAMP, global: 'yes' }], 'row 1 (lamp): "global" must be true or false, not "yes"'],
    ['another shape', [{ ...LAMP, shape: 'wide' }], 'row 1 (lamp): "shape" must be "short", "long", or an object'],
    [
      'too many tags',
      [{ ...APP, shape: { ...APP.shape, tagsMax: 51 } }],
      'row 1 (app), shape: "tagsMax" must be a whole number from 1 to 50, not 51',
    ],
    [
      'half a shape',
      [{ ...APP, shape: { tagsMax: 3 } }],
      'row 1 (app), shape: "keyCharactersMax" is missing: add a whole number from 1 to 128',
    ],
    [
      'the name of a built-in type',
      [{ ...LAMP, aliases: ['evs'] }],
      'the name "evs" of the type "lamp" is a name of the type "disk" too. Rename it, or remove it from the file',
    ],
    [
      'one name in two rows',
      [LAMP, { ...APP, aliases: ['lamp'] }],
      'the name "lamp" of the type "app" is a name of the type "lamp" too',
    ],
    [
      'another spelling of a built-in name',
      [{ ...LAMP, name: 'Image' }],
      'the name "Image" of the type "Image" differs from the name "images" of the type "images" in case, "_", "-" or plural',
    ],
    [
      'two spellings of one name',
      [LAMP, { ...LAMP, name: 'LAMPS' }],
      'the name "LAMPS" of the type "LAMPS" differs from the name "lamp" of the type "lamp"',
    ],
  ])('is refused with %s, and the error says where', (_, content, words) => {
    const file = fileWith(content)
    expect(() => readResourceTypeRows(file)).toThrow(words)
    expect(() => readResourceTypeRows(file)).toThrow(`--resource-types ${file}`)
  })

  it('names the first 20 faults of a file, and how many more there are', () => {
    const file = fileWith(Array.from({ length: 15 }, () => ({ colour: 'red' })))
    expect(() => readResourceTypeRows(file)).toThrow(/row 4: "service" is missing[^\n]*\n(?:.*\n)*and 55 more$/)
  })

  it('that is missing or too long ends the start', async () => {
    expect(() => readResourceTypeRows(join(folder, 'none.json'))).toThrow('none.json cannot be read: ENOENT')
    expect(() => readResourceTypeRows(fileWith(' '.repeat(2 ** 20 + 1)))).toThrow('is longer than 1048576 bytes')
    const flags = { 'resource-types': join(folder, 'none.json') }
    await expect(startTestService({ flags })).rejects.toThrow('cannot be read: ENOENT')
  })
})

describe('a service with types of its own', () => {
  const tag = (key: string, value: string) => ({ key, value })
  const keys = (count: number) => Array.from({ length: count }, (_, i) => tag(`k${i}`, 'v'))

  async function withService(flags: Record<string, string>, use: (service: TestService) => Promise<void>) {
    const service = await startTestService({ flags: { 'resource-types': fileWith([APP, STOREFRONT]), ...flags } })
    try {
      await use(service)
    } finally {
      await service.stop()
    }
  }

  it.each(['1', '2'])('imports, queries and tags them under every name, with %s processes', async (workers) => {
    await withService({ workers }, async (service) => {
      const line = (resource_type: string, resource_id: string, tags: object[]) => ({
        resource_type,
        resource_id,
        tags,
      })
      const imported = await service.register(
        line('shop.apps', 'a1', keys(30)),
        line('app', 'a2', [tag('env', 'p'.repeat(60))]),
        line('app', 'a3', keys(31)),
        line('app', 'a4', [tag('k'.repeat(41), '')]),
        line('App', 'a5', []),
        line('storefront', 's1', keys(10)),
        line('storefront', 's2', keys(11)),
      )
      expect(imported.body).toMatchObject({ created: 3, refused: 4 })
      const found = await service.call('POST', `/tagwerk/v1/${service.project}/resources/query`, {
        body: { resource_types: ['shop.apps'], limit: 10 },
      })
      expect(found.body.counts).toEqual({ app: 2 })
      const token = await service.tokenFor(undefined)
      const filtered = await service.call('POST', '/v1.0/resource-instances/filter', {
        body: { project_id: service.project, resource_types: ['app'], tags: [{ key: 'env', values: [] }] },
        token,
      })
      expect(filtered.body.resources).toEqual([expect.objectContaining({ resource_type: 'app', resource_id: 'a2' })])
    })
  })

  it('answers commands that name types only it knows', async () => {
    await withService({}, async (service) => {
      await service.register({ resource_type: 'app', resource_id: 'a1' })
      const { code, stdout } = await run(['count', '--type', 'shop.apps,storefront', '--json'], {
        endpoint: service.url,
      })
      expect([code, JSON.parse(stdout)]).toEqual([0, { total_count: 1, counts: { app: 1, storefront: 0 } }])
    })
  })

  it('shows them in the list of services of TMS', async () => {
    await withService({}, async (service) => {
      const token = await service.tokenFor(undefined)
      const { body } = await service.call('GET', '/v1.0/tms/providers?provider=shop&locale=zh-cn', { token })
      const type = (resource_type: string, name: string, regions: string[]) => ({
        ...{ resource_type, resource_type_i18n_display_name: name, regions, global: regions.length === 0 },
      })
      expect(body.providers).toEqual([
        {
          ...{ provider: 'shop', provider_i18n_display_name: 'shop' },
          resource_types: [type('app', '应用', ['default']), type('storefront', 'Storefront', [])],
        },
      ])
    })
  })
})
