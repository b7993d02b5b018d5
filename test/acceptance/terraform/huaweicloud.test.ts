import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Place, Stage } from '../stage.ts'
import { taurusdbInstance } from './databases.ts'
import { identityAccessKey, identityProject, identityRole, identityUser } from './identity.ts'
import { ecsSystemImage, imageMetadata } from './images.ts'
import { HUAWEICLOUD, type Provider, startProvider } from './provider.ts'
import { lifeOf } from './resource.ts'
import { predefinedTags, resourceTags } from './tags.ts'

// The requests of the Terraform provider `huaweicloud`: its resources from creation to destruction, and its data sources.
// A step that needs too many requests fails, so a provider that would never end is a failure and not a hang.

let stage: Stage
let home: Place
let provider: Provider
/** The id of a user without roles. */
let user: string

beforeAll(async () => {
  stage = await Stage.open()
  home = await stage.project('terraform')
  provider = await startProvider(stage, home, HUAWEICLOUD)
  user = (await stage.person('keyless')).id
})
afterAll(() => stage?.close())

const NETWORK = { vpc_id: randomUUID(), subnet_id: randomUUID(), security_group_id: randomUUID() }
const INSTANCE = {
  name: 'terraform-1',
  flavor: 'gaussdb.mysql.xlarge.x86.4',
  password: 'Acceptance_1234!',
  ...NETWORK,
}

lifeOf(
  'huaweicloud_taurusdb_instance with the mandatory attributes',
  () => provider,
  () => ({
    resource: taurusdbInstance(provider),
    config: { ...INSTANCE, tags: { env: 'prod', empty: '' } },
    changed: { tags: { env: 'test', team: 'a' } },
  }),
)

lifeOf(
  'huaweicloud_taurusdb_instance with replicas and a volume',
  () => provider,
  () => ({
    resource: taurusdbInstance(provider),
    config: { ...INSTANCE, read_replicas: 3, volume_size: 40, volume_type: 'DL6', tags: { env: 'prod' } },
    changed: { tags: { team: 'b' } },
  }),
)

lifeOf(
  'huaweicloud_ims_ecs_system_image',
  () => provider,
  () => ({
    resource: ecsSystemImage(provider),
    config: { name: 'image-1', instance_id: randomUUID(), description: 'one', tags: { env: 'prod', empty: '' } },
    changed: { name: 'image-2', description: 'two', tags: { env: 'test' } },
  }),
)

lifeOf(
  'huaweicloud_ims_image_metadata',
  () => provider,
  () => ({
    resource: imageMetadata(provider),
    config: { name: 'metadata-1', min_disk: 40, tags: ['bare', 'env=prod'] },
  }),
  { changesInPlace: false },
)

lifeOf(
  'huaweicloud_tms_tags',
  () => provider,
  () => ({
    resource: predefinedTags(provider),
    config: { tags: predefined('env', 'team') },
    changed: { tags: predefined('env', 'stage') },
  }),
)

lifeOf(
  'huaweicloud_identity_role',
  () => provider,
  () => ({
    resource: identityRole(provider),
    config: {
      name: `acceptance-${stage.run}-role`,
      description: 'one',
      type: 'XA',
      policy: policyOf('ims:images:list'),
    },
    changed: { description: 'two', policy: policyOf('ims:images:get') },
  }),
)

lifeOf(
  'huaweicloud_identity_project',
  () => provider,
  () => ({
    resource: identityProject(provider),
    config: { name: `acceptance-${stage.run}-managed`, description: 'one' },
    changed: { description: 'two' },
  }),
)

lifeOf(
  'huaweicloud_identity_user',
  () => provider,
  () => ({
    resource: identityUser(provider),
    config: { name: `acceptance-${stage.run}-managed`, password: `For one run: ${stage.run}`, description: 'one' },
    changed: { description: 'two' },
  }),
)

lifeOf(
  'huaweicloud_identity_access_key',
  () => provider,
  () => ({
    resource: identityAccessKey(provider),
    config: { user_id: user, description: 'one' },
    changed: { description: 'two', status: 'inactive' },
  }),
)

describe('tags of resources by the tag service', () => {
  let images: { resource_id: string; resource_type: string }[]
  const places = ['a', 'b']

  beforeAll(async () => {
    const made = places.map((name) => provider.call('POST', '/v2/images', { body: { name, tags: ['mine=1'] } }))
    images = (await Promise.all(made)).map(({ id }) => ({ resource_id: id, resource_type: 'images' }))
  })

  lifeOf(
    'huaweicloud_tms_resource_tags',
    () => provider,
    () => ({
      resource: resourceTags(provider),
      config: { resources: images, tags: { owner: 'ann', stage: '1' } },
      changed: { tags: { owner: 'bob' } },
    }),
  )
})

describe('data sources', () => {
  beforeAll(async () => {
    for (const name of ['listed-1', 'listed-2', 'listed-3']) {
      const body = { name, instance_id: randomUUID(), image_tags: [{ key: 'listed', value: '1' }] }
      await provider.call('POST', '/v2/cloudimages/action', { body })
    }
    const tags = [{ key: 'listed', value: '1' }]
    const instance = { ...NETWORK, flavor_ref: 'f', datastore: { type: 'gaussdb-mysql', version: '8.0' }, tags }
    for (const name of ['listed-1', 'listed-2']) {
      await provider.call('POST', `/v3/${provider.projectId}/instances`, { body: { ...instance, name } })
    }
  })

  const read = <T>(run: () => Promise<T>) => provider.step(run)
  const domain = { scope: 'domain' } as const

  it('huaweicloud_ims_images_by_tags reads pages of 1000 until one is empty, and counts', async () => {
    const path = `/v2/${provider.projectId}/images/resource_instances/action`
    const tags = [{ key: 'listed', values: ['1'] }]
    const found = await read(async () => {
      const all: unknown[] = []
      for (let offset = 0; ; offset += 1000) {
        const body = { action: 'filter', tags, limit: '1000', offset: String(offset) }
        const { resources } = await provider.call('POST', path, { body })
        if (resources.length === 0) return all
        all.push(...resources)
      }
    })
    expect(found).toHaveLength(3)
    expect(await read(() => provider.call('POST', path, { body: { action: 'count', tags } }))).toEqual({
      total_count: 3,
    })
  })

  it('huaweicloud_images_images reads pages by the id of the last image until one is empty', async () => {
    const found = await read(async () => {
      const all: { id: string }[] = []
      const query = '?status=active&enterprise_project_id=all_granted_eps&tag=listed=1'
      for (let marker = ''; ; marker = `&marker=${all.at(-1)?.id}`) {
        const { images } = await provider.call('GET', `/v2/cloudimages${query}${marker}`)
        if (images.length === 0) return all
        all.push(...images)
      }
    })
    expect(found).toHaveLength(3)
  })

  it('huaweicloud_ims_tags reads all tags of images in one answer', async () => {
    const { tags } = await read(() => provider.call('GET', `/v2/${provider.projectId}/images/tags`))
    expect(tags).toContainEqual({ key: 'listed', values: ['1'] })
  })

  it('huaweicloud_taurusdb_tags reads pages by offset until one is empty', async () => {
    const tags = await read(() =>
      provider.pagesByOffset(`/v3/${provider.projectId}/tags?engine_name=gaussdb-mysql`, 'tags', 1),
    )
    expect(tags).toEqual([{ key: 'listed', values: ['1'] }])
  })

  it('huaweicloud_taurusdb_instances lists instances', async () => {
    const { instances } = await read(() => provider.call('GET', `/v3/${provider.projectId}/instances`))
    expect(instances.map(({ name }: { name: string }) => name)).toEqual(['listed-1', 'listed-2'])
  })

  it('huaweicloud_tms_resource_tags lists the tags of a project by type', async () => {
    const query = `project_id=${provider.projectId}&resource_types=instances&tag_types=resource`
    expect(await read(() => provider.call('GET', `/v1.0/tags?${query}`, domain))).toEqual({
      tags: [{ key: 'listed', values: ['1'] }],
      errors: [],
    })
  })

  it('huaweicloud_tms_resource_instances reads pages of 200 until one is empty', async () => {
    const found = await read(async () => {
      const all: unknown[] = []
      for (let offset = 0; ; offset += 200) {
        const tags = [{ key: 'listed', values: ['1'] }]
        const body = {
          project_id: provider.projectId,
          resource_types: ['images', 'instances'],
          tags,
          limit: 200,
          offset,
        }
        const { resources } = await provider.call('POST', '/v1.0/resource-instances/filter', { body, ...domain })
        if (resources.length === 0) return all
        all.push(...resources)
      }
    })
    expect(found).toHaveLength(5)
  })

  it.each([
    ['huaweicloud_tms_resource_tag_keys', '/v1.0/tag-keys?', 'keys', 'page_info.next_marker'],
    ['huaweicloud_tms_resource_tag_values', '/v1.0/tag-values?key=listed&', 'values', 'page_info.next_marker'],
    ['huaweicloud_tms_tags', '/v1.0/predefine_tags?', 'tags', 'marker'],
  ])('%s reads pages until the marker is empty', async (_name, path, list, next) => {
    await read(async () => {
      let marker = ''
      do {
        const page = await provider.call('GET', `${path}marker=${marker}`, domain)
        expect(Array.isArray(page[list])).toBe(true)
        marker = next.split('.').reduce((value, name) => value?.[name], page) ?? ''
      } while (marker !== '')
    })
  })

  it('huaweicloud_tms_quotas, huaweicloud_tms_resource_types and the lists of identities read one answer', async () => {
    for (const path of [
      '/v1.0/tms/quotas',
      '/v1.0/tms/providers?locale=en-us',
      '/v3/projects',
      '/v3/users?enabled=true',
    ]) {
      expect(await read(() => provider.call('GET', path, domain))).toBeDefined()
    }
  })
})

function predefined(...keys: readonly string[]) {
  return keys.map((key) => ({ key: `acc-${stage.run}-${key}`, value: 'v' }))
}

function policyOf(action: string) {
  return { Version: '1.1', Statement: [{ Action: [action], Effect: 'Allow' }] }
}
