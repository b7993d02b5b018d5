import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { logIn, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'
import { type CountedTags, counted, startWithTags } from './counted-tags.ts'

// GET /tagwerk/v1/{project_id}/tag-keys: keys in use with the number of resources.

let tags: CountedTags
let target: Target
beforeAll(async () => {
  tags = await startWithTags()
  target = await targetOf(tags.service, {})
})
afterAll(() => tags.service.stop())

describe('the keys in use in a project', () => {
  it('are listed over all types in code point order, with their numbers by type', async () => {
    const { keys, next_marker } = await tags.list('tag-keys')
    expect(keys.map(({ key }: { key: string }) => key)).toEqual(['Env', 'env', 'env:2', 'team', '部门'])
    expect(keys[1]).toEqual({ key: 'env', total_count: 4, counts: { aws_instance: 1, ecs: 1, images: 2 } })
    expect(next_marker).toBeUndefined()
  })

  it('are listed for some types, or for a prefix, on request', async () => {
    const ofTypes = await tags.list('tag-keys', ['resource_type', 'ecs'], ['resource_type', 'aws_instance'])
    expect(counted(ofTypes.keys)).toEqual({ env: 2, 'env:2': 1, 部门: 1 })
    expect(counted((await tags.list('tag-keys', ['prefix', 'env'])).keys)).toEqual({ env: 4, 'env:2': 1 })
    expect(counted((await tags.list('tag-keys', ['prefix', 'none'])).keys)).toEqual({})
  })

  it('come in pages that join to the whole, also for a prefix', async () => {
    const first = await tags.list('tag-keys', ['prefix', 'env'], ['limit', '1'])
    expect(counted(first.keys)).toEqual({ env: 4 })
    const second = await tags.list('tag-keys', ['prefix', 'env'], ['limit', '1'], ['marker', first.next_marker])
    expect(counted(second.keys)).toEqual({ 'env:2': 1 })
    expect(second.next_marker).toBeUndefined()
  })

  it('may be listed by a user with read-only access', async () => {
    const { token } = await logIn(tags.service, 'reader', 'default')
    const { status } = await tags.service.call('GET', `/tagwerk/v1/${tags.service.project}/tag-keys`, { token })
    expect(status).toBe(200)
  })
})

describe('answers to a list of keys', () => {
  const of = (search: string) => ({ method: 'GET', path: `/tagwerk/v1/{project}/tag-keys?${search}` })
  runScenarios(
    () => target,
    [
      {
        name: 'a limit of zero is answered with 400',
        request: of('limit=0'),
        ...tagwerkError(400, 'limit-invalid', 'limit'),
      },
      {
        name: 'a limit above 1000 is answered with 400',
        request: of('limit=1001'),
        ...tagwerkError(400, 'limit-invalid', 'limit'),
      },
      {
        name: 'a marker of another kind is answered with 400',
        request: of('marker=x'),
        ...tagwerkError(400, 'marker-invalid', 'marker'),
      },
      {
        name: 'an unknown type is answered with 400',
        request: of('resource_type=ecs&resource_type=robots'),
        ...tagwerkError(400, 'request-invalid', 'resource_type[1]', '"robots"'),
      },
      {
        name: 'a prefix of 257 characters is answered with 400',
        request: of(`prefix=${'x'.repeat(257)}`),
        ...tagwerkError(400, 'request-invalid', 'prefix'),
      },
      {
        name: 'keys of another project are answered with 403',
        request: { method: 'GET', path: '/tagwerk/v1/{other}/tag-keys' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
    ],
  )
})
