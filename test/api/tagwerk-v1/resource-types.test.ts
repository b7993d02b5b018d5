import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DomainWorld, startDomainWorld } from '../tms-v1/domain-world.ts'

// Contract 11: resources of every type, under every name of the type.

let world: DomainWorld
beforeAll(async () => {
  world = await startDomainWorld({})
  await world.service.register(
    line('cloudservers', 'server-1', ['env', 'prod']),
    line('ecs.cloudservers', 'server-2', ['env', 'test']),
    line('evs', 'disk-1', ['env', 'prod']),
    line('AWS::EC2::Instance', 'arn:aws:ec2:eu-west-1:1:instance/i-1', ['kubernetes.io/cluster/a', 'R&D / 42']),
  )
})
afterAll(() => world.service.stop())

function line(resource_type: string, resource_id: string, [key, value]: readonly [string, string]) {
  return { resource_type, resource_id, project: 'default', tags: [{ key, value }] }
}

const query = (body: object) =>
  world.ask('POST', `/tagwerk/v1/${world.project}/resources/query`, body, world.tokens.project)

it('imported resources of all types are counted by the name of their type, in ascending order', async () => {
  const { status, body } = await query({ limit: 0 })
  expect([status, body.total_count, Object.entries(body.counts)]).toEqual([
    200,
    4,
    [
      ['AWS::EC2::Instance', 1],
      ['disk', 1],
      ['ecs', 2],
    ],
  ])
})

it('a query takes every name of a type, and names that are in use', async () => {
  const answer = await query({ resource_types: ['cloudvolumes', 'AWS::EC2::Instance', 'ecs'], limit: 10 })
  expect(answer.body.resources.map((each: { resource_id: string }) => each.resource_id)).toEqual([
    'arn:aws:ec2:eu-west-1:1:instance/i-1',
    'disk-1',
    'server-1',
    'server-2',
  ])
})

it('the tag service finds, tags and lists resources of every type under the name of the request', async () => {
  const { project } = world
  const found = await world.ask('POST', '/v1.0/resource-instances/filter', {
    project_id: project,
    resource_types: ['disk', 'cloudservers', 'AWS::EC2::Instance'],
    tags: [{ key: 'env', values: ['prod'] }],
  })
  expect(found.body.resources.map((each: Record<string, unknown>) => [each.resource_type, each.resource_id])).toEqual([
    ['disk', 'disk-1'],
    ['cloudservers', 'server-1'],
  ])
  const created = await world.ask('POST', '/v1.0/resource-tags/batch-create', {
    project_id: project,
    resources: [
      { resource_type: 'evs.volumes', resource_id: 'disk-1' },
      { resource_type: 'AWS::EC2::Instance', resource_id: 'arn:aws:ec2:eu-west-1:1:instance/i-1' },
    ],
    tags: [{ key: 'owner', value: 'web' }],
  })
  expect(created.body).toEqual({ failed_resources: [] })
  const tags = await world.ask('GET', `/v2.0/resources/disk-1/tags?resource_type=evs&project_id=${project}`)
  expect(tags.body.tags).toEqual([
    { key: 'env', value: 'prod' },
    { key: 'owner', value: 'web' },
  ])
  const keys = await world.ask('GET', '/v1.0/tag-keys')
  expect(keys.body.keys).toEqual(['env', 'kubernetes.io/cluster/a', 'owner'])
})

it('an export has every type in ascending order, and comes back in without a difference', async () => {
  const exported = await world.ask('GET', '/tagwerk/v1/export?project=default')
  const types = exported.text
    .trim()
    .split('\n')
    .map((each) => JSON.parse(each).resource_type)
  expect(types).toEqual(['AWS::EC2::Instance', 'disk', 'ecs', 'ecs'])
  const again = await world.service.call('POST', '/tagwerk/v1/import', {
    body: exported.text,
    token: world.tokens.domain,
  })
  expect(again.body).toMatchObject({ unchanged: 4, created: 0, updated: 0, refused: 0 })
})

it('a resource of a type of another cloud is deleted by its encoded type and id', async () => {
  await world.service.register(line('apps/Deployment', 'ns/web', ['a', 'b']))
  const path = `/tagwerk/v1/${world.project}/resources/apps%2FDeployment/ns%2Fweb`
  expect((await world.ask('DELETE', path, undefined, world.tokens.project)).status).toBe(204)
  expect((await query({ limit: 0 })).body.counts).not.toHaveProperty('apps/Deployment')
})

it('an id of 512 characters of any script is imported, found by its id and deleted, and a longer one is refused', async () => {
  const id = `阿${'😀'.repeat(255)}${'x'.repeat(256)}`
  await world.service.register(line('aws_instance', id, ['a', 'b']))
  const found = await query({ matches: [{ key: 'resource_id', value: id }] })
  expect(found.body.resources.map((each: { resource_id: string }) => each.resource_id)).toEqual([id])
  const path = `/tagwerk/v1/${world.project}/resources/aws_instance/${encodeURIComponent(id)}`
  expect((await world.ask('DELETE', path, undefined, world.tokens.project)).status).toBe(204)
  const refused = await importLine(line('aws_instance', `${id}x`, ['a', 'b']))
  expect(refused.body).toMatchObject({ refused: 1, refusals: [{ field: 'resource_id', rule: 'characters-max' }] })
})

it.each([
  ['aws_instance', 'a\u200bb'],
  ['aws_instance', ' outer blank'],
  ['aws_instance', ''],
  ['images', 'arn:aws:1'],
  ['images', 'x'.repeat(65)],
])('a resource of type %s with the id %j is refused with the field', async (type, id) => {
  const { body } = await importLine(line(type, id, ['a', 'b']))
  expect(body).toMatchObject({ created: 0, refused: 1, refusals: [{ field: 'resource_id' }] })
})

function importLine(resource: object) {
  return world.service.call('POST', '/tagwerk/v1/import', {
    body: JSON.stringify(resource),
    token: world.tokens.domain,
  })
}
