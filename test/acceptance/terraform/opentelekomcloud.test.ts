import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Place, Stage } from '../stage.ts'
import { otcInstance } from './databases.ts'
import { identityRole } from './identity.ts'
import { otcImage, otcNativeImage } from './images.ts'
import { OPENTELEKOMCLOUD, type Provider, startProvider } from './provider.ts'
import { lifeOf } from './resource.ts'
import { otcPredefinedTags } from './tags.ts'

// The requests of the Terraform provider `opentelekomcloud`, whose Go SDK takes fewer statuses for success.

let stage: Stage
let home: Place
let provider: Provider

beforeAll(async () => {
  stage = await Stage.open()
  home = await stage.project('otc')
  provider = await startProvider(stage, home, OPENTELEKOMCLOUD)
})
afterAll(() => stage?.close())

it('the catalogue has the services that the provider looks up, each with an address', () => {
  for (const type of ['iam', 'image', 'tms', 'volumev2']) expect(provider.pathOf(type)).toMatch(/^(\/|$)/)
})

lifeOf(
  'opentelekomcloud_ims_image_v2',
  () => provider,
  () => ({
    resource: otcImage(provider),
    config: { name: 'otc-1', instance_id: randomUUID(), description: 'one', tags: { env: 'prod', empty: '' } },
    changed: { name: 'otc-2', tags: { env: 'test' } },
  }),
)

lifeOf(
  'opentelekomcloud_images_image_v2',
  () => provider,
  () => ({
    resource: otcNativeImage(provider),
    config: { name: 'native-1', tags: ['bare', 'env=prod'] },
    changed: { name: 'native-2', tags: ['env=test'] },
  }),
)

it('the data source opentelekomcloud_images_image_v2 finds one image by name and by tag', async () => {
  const body = { name: 'found', tags: ['found=1'] }
  const { id } = await provider.call('POST', '/v2/images', { body, ok: [201] })
  for (const query of ['name=found&sort_dir=asc&status=queued', 'tag=found=1&sort_dir=asc&status=queued']) {
    const { images } = await provider.step(() => provider.call('GET', `/v2/cloudimages?${query}`))
    expect(images.map((image: { id: string }) => image.id)).toEqual([id])
  }
})

lifeOf(
  'opentelekomcloud_gaussdb_mysql_instance_v3',
  () => provider,
  () => ({
    resource: otcInstance(provider),
    config: { name: 'otc-1', flavor: 'gaussdb.mysql.xlarge.x86.8', password: 'Acceptance_1234!', ...network() },
  }),
  { changesInPlace: false },
)

lifeOf(
  'opentelekomcloud_tms_tags_v1',
  () => provider,
  () => ({
    resource: otcPredefinedTags(provider),
    config: { tags: [{ key: `acc-${stage.run}-otc`, value: 'v' }] },
    changed: { tags: [{ key: `acc-${stage.run}-otc`, value: 'w' }] },
  }),
)

lifeOf(
  'opentelekomcloud_identity_role_v3',
  () => provider,
  () => ({
    resource: identityRole(provider),
    config: {
      name: `acceptance-${stage.run}-otc`,
      description: 'one',
      type: 'XA',
      policy: { Version: '1.1', Statement: [{ Action: ['ims:images:list'], Effect: 'Allow' }] },
    },
    changed: { description: 'two' },
  }),
)

function network() {
  return { vpc_id: randomUUID(), subnet_id: randomUUID() }
}
