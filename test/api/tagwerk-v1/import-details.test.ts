import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detailedInstance, listedInstance } from '../../../src/api/taurusdb-v3/instance-schemas.ts'
import { runLength } from '../../support/effort.ts'
import { Random } from '../../support/random.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, instance, newImageId, newInstanceId } from '../fixtures.ts'

// What an import takes, the APIs can show (contract 10.2).

const RESOURCES = runLength(400, 4000)

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

async function refusalOf(
  line: Record<string, unknown>,
): Promise<{ field: string; rule: string; message: string } | undefined> {
  const { body } = await service.register(line)
  return body.refusals[0]
}

describe('a detail with a value that the image API cannot show is refused by name', () => {
  it.each([
    [{ min_disk: 'forty' }, 'min_disk', 'type', '"forty"'],
    [{ min_disk: -1 }, 'min_disk', 'number-min', '-1'],
    [{ min_disk: 2 ** 31 }, 'min_disk', 'number-max', '2147483648'],
    [{ min_ram: '2.5' }, 'min_ram', 'type', '"2.5"'],
    [{ size: 'abc' }, 'size', 'type', '"abc"'],
    [{ virtual_size: 1.5 }, 'virtual_size', 'type', '1.5'],
    [{ status: '' }, 'status', 'not-blank', '""'],
    [{ status: 7 }, 'status', 'type', '7'],
    [{ protected: 'yes' }, 'protected', 'type', '"yes"'],
    [{ os_hidden: 1 }, 'os_hidden', 'type', '1'],
    [{ visibility: 'secret' }, 'visibility', 'one-of', '"secret"'],
    [{ __imagetype: 'golden' }, '__imagetype', 'one-of', '"golden"'],
    [{ disk_format: 1 }, 'disk_format', 'type', '1'],
    [{ container_format: true }, 'container_format', 'type', 'true'],
    [{ checksum: ['a'] }, 'checksum', 'type', 'array'],
    [{ mine: { a: 1 } }, 'mine', 'type', 'object'],
  ])('%j', async (detail, name, rule, shown) => {
    const refusal = await refusalOf({ ...image(newImageId()), resource_detail: detail })
    expect(refusal).toMatchObject({ field: `resource_detail.${name}`, rule })
    expect(refusal?.message).toContain(shown)
  })
})

describe('a detail with a value that the database API cannot show is refused by name', () => {
  it.each([
    [{ port: [1] }, 'port', 'array'],
    [{ port: true }, 'port', 'true'],
    [{ status: 7.5, vpc_id: {} }, 'vpc_id', 'object'],
    [{ datastore: 'MySQL 8.0' }, 'datastore', '"MySQL 8.0"'],
    [{ datastore: { version: ['8'] } }, 'datastore.version', 'array'],
    [{ volume: '40' }, 'volume', '"40"'],
    [{ flavor_info: { ram: true } }, 'flavor_info.ram', 'true'],
    [{ private_ips: '10.0.0.1' }, 'private_ips', '"10.0.0.1"'],
    [{ public_ips: ['10.0.0.1', 2] }, 'public_ips[1]', '2'],
    [{ node_count: 'two' }, 'node_count', '"two"'],
    [{ node_count: 1.5 }, 'node_count', '1.5'],
    [{ backup_used_space: '1 GB' }, 'backup_used_space', '"1 GB"'],
    [{ nodes: {} }, 'nodes', 'object'],
    [{ proxies: ['p'] }, 'proxies[0]', '"p"'],
  ])('%j', async (detail, name, shown) => {
    const refusal = await refusalOf({ ...instance(newInstanceId()), resource_detail: detail })
    expect(refusal).toMatchObject({ field: `resource_detail.${name}`, rule: 'type' })
    expect(refusal?.message).toContain(shown)
  })
})

describe('whatever an import takes', () => {
  const random = new Random(20_260_301)
  const chance = (below: number) => random.below(below)
  const atoms = [
    '',
    ' ',
    'x',
    '40',
    '2.5',
    'true',
    'private',
    'active',
    0,
    1,
    -1,
    2.5,
    2 ** 31,
    1e300,
    true,
    false,
    null,
  ]
  const anything = (depth = 0): unknown => {
    const kind = chance(depth > 1 ? 6 : 9)
    if (kind === 6) return Array.from({ length: chance(3) }, () => anything(depth + 1))
    if (kind < 7) return random.pick(atoms)
    return Object.fromEntries(
      ['type', 'version', 'ram', 'size'].slice(chance(4)).map((name) => [name, anything(depth + 1)]),
    )
  }
  const detailOf = (names: readonly string[]) =>
    Object.fromEntries(Array.from({ length: chance(4) }, () => [random.pick(names), anything()]))

  it('fits the schemas that the image service and the database service serve', async () => {
    const imageSchema = (await service.call('GET', '/v2/schemas/image')).body
    const imageNames = [...Object.keys(imageSchema.properties), '__imagetype', '__os_type', 'max_ram', 'mine']
    const instanceNames = [...Object.keys(listedInstance.properties), ...Object.keys(detailedInstance.properties)]
    const lines = Array.from({ length: RESOURCES }, (_, i) =>
      i % 2 === 0
        ? { ...image(newImageId(), 'a=1'), resource_detail: detailOf(imageNames) }
        : { ...instance(newInstanceId(), 'a=1'), resource_detail: detailOf(instanceNames) },
    )
    const { body: report } = await service.register(...lines)
    expect(report.created + report.refused).toBe(RESOURCES)
    expect(report.created).toBeGreaterThan(RESOURCES / 10)
    expect(report.refused).toBeGreaterThan(RESOURCES / 10)

    const ajv = new Ajv({ strict: false, allErrors: true })
    const fitsImage = ajv.compile(imageSchema)
    const own = `owner=${service.project}&limit=1000&os_hidden=`
    const images = new Map<string, object>()
    for (const path of ['/v2/images', '/v2/cloudimages']) {
      for (const hidden of ['true', 'false']) {
        for (let marker = ''; ; marker = `&marker=${[...images.keys()].at(-1)}`) {
          const { body } = await service.call('GET', `${path}?${own}${hidden}${marker}`)
          for (const shown of body.images) {
            expect(fitsImage(shown) ? [] : [shown, fitsImage.errors]).toEqual([])
            images.set(shown.id, shown)
          }
          if (body.images.length < 1000) break
        }
      }
    }
    const fitsListed = ajv.compile(listedInstance)
    const fitsDetailed = ajv.compile(detailedInstance)
    const instances: { id: string }[] = []
    for (let offset = 0; ; offset += 100) {
      const page = await service.call('GET', `/v3/${service.project}/instances?limit=100&offset=${offset}`)
      instances.push(...page.body.instances)
      if (page.body.instances.length < 100) break
    }
    for (const shown of instances) {
      expect(fitsListed(shown) ? [] : [shown, fitsListed.errors]).toEqual([])
      const { body } = await service.call('GET', `/v3/${service.project}/instances/${shown.id}`)
      expect(fitsDetailed(body.instance) ? [] : [body.instance, fitsDetailed.errors]).toEqual([])
    }
    expect(instances.length).toBeGreaterThan(RESOURCES / 20)
    expect(images.size).toBeGreaterThan(RESOURCES / 20)
  })
})

describe('a tag is read as in every call', () => {
  it('a missing value is the empty one under the profile lenient (D7)', async () => {
    const lenient = await startTestService({ flags: { profile: 'lenient' } })
    try {
      const id = newImageId()
      const line = { resource_type: 'images', resource_id: id, tags: [{ key: 'x' }, { key: 'b c', value: '1' }] }
      expect((await lenient.register(line)).body).toMatchObject({ created: 1, refused: 0 })
      const { body } = await lenient.call('GET', `/v2/${lenient.project}/images/${id}/tags`)
      expect(body.tags).toEqual([
        { key: 'x', value: '' },
        { key: 'b c', value: '1' },
      ])
      const ofNull = { ...line, tags: [{ key: 'x', value: null }] }
      expect((await lenient.register(ofNull)).body).toMatchObject({ updated: 1, refused: 0 })
    } finally {
      await lenient.stop()
    }
  })
})
