import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { logIn, startWithUsers, targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// POST /tagwerk/v1/{project_id}/resources/tags: tags of all resources that match.

let service: TestService
let target: Target
beforeAll(async () => {
  service = await startWithUsers()
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const line = (type: string, id: string, tags: Record<string, string> = {}) => ({
  resource_type: type,
  resource_id: id,
  resource_name: `name of ${id}`,
  tags,
})
beforeEach(() =>
  service.register(
    line('images', 'a', { env: 'test', tmp: '1' }),
    line('images', 'b', { env: 'prod', tmp: '2' }),
    line('ecs', 'c', { env: 'test', tmp: '' }),
    line('ecs', 'd', { env: 'test' }),
    line('disk', 'e'),
  ),
)

const path = () => `/tagwerk/v1/${service.project}/resources/tags`
const call = (body: object) => service.call('POST', path(), { body })
const ok = async (body: object) => {
  const answer = await call(body)
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return answer.body
}
const tagsOf = async (type: string, id: string): Promise<Record<string, string>> => {
  const { body } = await service.call('GET', `/tagwerk/v1/${service.project}/resources/${type}/${id}`)
  return Object.fromEntries(body.tags.map(({ key, value }: { key: string; value: string }) => [key, value]))
}
const withTmp = { tags: [{ key: 'tmp', values: [] }] }
const removeTmp = { select: withTmp, action: 'delete', tags: [{ key: 'tmp' }] }

describe('tags of many resources', () => {
  it('a dry run says which resources change, and changes nothing', async () => {
    const before = await service.call('POST', `/tagwerk/v1/${service.project}/resources/query`, { body: {} })
    const answer = await ok({ ...removeTmp, dry_run: true })
    expect(answer).toEqual({
      dry_run: true,
      total_count: 3,
      counts: { disk: 0, ecs: 1, images: 2 },
      changed: 3,
      unchanged: 0,
      refused: 0,
      resources: ['c', 'a', 'b'].map((id) => ({
        resource_type: id === 'c' ? 'ecs' : 'images',
        resource_id: id,
        resource_name: `name of ${id}`,
      })),
      refusals: [],
      batches: [],
    })
    const after = await service.call('POST', `/tagwerk/v1/${service.project}/resources/query`, { body: {} })
    expect(after.body).toEqual(before.body)
  })

  it('are removed from all resources that match, of every type', async () => {
    const answer = await ok(removeTmp)
    expect(answer).toMatchObject({ changed: 3, unchanged: 0, batches: [{ resources: 3, changed: 3, unchanged: 0 }] })
    expect(await tagsOf('images', 'a')).toEqual({ env: 'test' })
    expect(await tagsOf('ecs', 'c')).toEqual({ env: 'test' })
    expect(await ok(removeTmp)).toMatchObject({ total_count: 0, changed: 0, batches: [] })
  })

  it('are set on resources of some types, and those that have them already are unchanged', async () => {
    const select = { resource_types: ['ecs'], tags: [{ key: 'env', values: ['test'] }] }
    const body = {
      select,
      action: 'create',
      tags: [
        { key: 'tmp', value: '' },
        { key: 'owner', value: 'ann' },
      ],
    }
    expect(await ok(body)).toMatchObject({ total_count: 2, changed: 2 })
    expect(await ok(body)).toMatchObject({ total_count: 2, changed: 0, unchanged: 2 })
    expect(await tagsOf('ecs', 'd')).toEqual({ env: 'test', tmp: '', owner: 'ann' })
    expect(await tagsOf('images', 'a')).toEqual({ env: 'test', tmp: '1' })
  })

  it('are not changed when one resource would have too many, and a dry run lists it', async () => {
    const many = Object.fromEntries(texts('k', 10).map((key) => [key, '']))
    await service.register(line('images', 'full', many))
    const body = { select: {}, action: 'create', tags: [{ key: 'more', value: '1' }] }
    const preview = await ok({ ...body, dry_run: true })
    expect(preview).toMatchObject({ total_count: 6, changed: 5, refused: 1 })
    expect(preview.refusals).toEqual([
      { resource_type: 'images', resource_id: 'full', error_code: 'tag-quota-exceeded' },
    ])
    const { status, body: refusal } = await call(body)
    expect({ status, body: refusal }).toEqual(
      tagwerkError(400, 'tag-quota-exceeded', '1 of 6 resources', 'images full', 'nothing was changed'),
    )
    expect(await tagsOf('disk', 'e')).toEqual({})
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/full`)
  })

  it('are changed only if no other resource matches than at the revision of the dry run', async () => {
    const preview = await call({ ...removeTmp, dry_run: true })
    const if_revision = Number(preview.headers.get('x-tagwerk-revision'))
    // A change of a resource that does not match does no harm.
    await service.register(line('disk', 'e', { other: '1' }))
    await service.register(line('images', 'new', { tmp: '9' }))
    const refused = await call({ ...removeTmp, if_revision })
    expect({ status: refused.status, body: refused.body }).toEqual(
      tagwerkError(412, 'precondition-failed', '1 resources that match', 'nothing was changed'),
    )
    expect(await tagsOf('images', 'a')).toEqual({ env: 'test', tmp: '1' })
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/new`)
    expect(await ok({ ...removeTmp, if_revision })).toMatchObject({ changed: 3 })
  })

  it('are changed only if the expected number of resources matches', async () => {
    const { status, body } = await call({ ...removeTmp, expect_count: 2 })
    expect({ status, body }).toEqual(tagwerkError(412, 'precondition-failed', '3 resources match, not 2'))
    expect(await ok({ ...removeTmp, expect_count: 3 })).toMatchObject({ changed: 3 })
  })

  it('of more resources than one batch are changed in batches, and concurrent writers lose no change', async () => {
    const ids = texts('m', 1200)
    await service.register(...ids.map((id) => line('evs', id, { batch: 'x' })))
    const select = { resource_types: ['evs'], tags: [{ key: 'batch', values: ['x'] }] }
    const running = call({
      select,
      action: 'create',
      tags: [
        { key: 'batch', value: 'y' },
        { key: 'own', value: '1' },
      ],
    })
    const others = ids.slice(1100).map((id) =>
      service.call('POST', `/tagwerk/v1/${service.project}/resources/evs/${id}/tags`, {
        body: { action: 'create', tags: [{ key: 'batch', value: 'z' }] },
      }),
    )
    const { status, body } = await running
    await Promise.all(others)
    expect(status).toBe(200)
    expect(body.batches.length).toBeGreaterThan(1)
    const count = async (conditions: object) => {
      const answer = await service.call('POST', `/tagwerk/v1/${service.project}/resources/query`, {
        body: { resource_types: ['evs'], limit: 0, ...conditions },
      })
      return answer.body.total_count
    }
    expect(await count({ tags: [{ key: 'batch', values: ['z'] }] })).toBe(100)
    expect(await count({ tags: [{ key: 'batch', values: ['y'] }] })).toBe(1100)
    // A resource has both tags of the change or none of them.
    expect(await count({ tags: [{ key: 'own', values: [] }] })).toBe(body.changed)
    expect(await count({ tags: [{ key: 'batch', values: ['x'] }] })).toBe(0)
  })

  it('may not be changed by a user with read-only access', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await service.call('POST', path(), { token, body: { ...removeTmp, dry_run: true } })).status).toBe(403)
  })
})

describe('answers to a change of many', () => {
  const of = (body: unknown) => ({ method: 'POST', path: '/tagwerk/v1/{project}/resources/tags', body })
  const { select: _, ...withoutSelection } = removeTmp
  runScenarios(
    () => target,
    [
      {
        name: 'a missing selection is answered with 400',
        request: of(withoutSelection),
        ...tagwerkError(400, 'request-invalid', 'select'),
      },
      {
        name: 'a misspelt condition is answered with 400',
        request: of({ ...removeTmp, select: { not_tag: [] } }),
        ...tagwerkError(400, 'request-invalid', 'not_tag'),
      },
      {
        name: 'a page is answered with 400',
        request: of({ ...removeTmp, select: { limit: 1 } }),
        ...tagwerkError(400, 'request-invalid', 'limit'),
      },
      {
        name: 'a revision above the present one is answered with 400',
        request: of({ ...removeTmp, if_revision: 1_000_000_000 }),
        ...tagwerkError(400, 'request-invalid', 'if_revision'),
      },
      {
        name: 'an unknown type is answered with 400',
        request: of({ ...removeTmp, select: { resource_types: ['robots'] } }),
        ...tagwerkError(400, 'request-invalid', 'select.resource_types[0]'),
      },
    ],
  )
})
