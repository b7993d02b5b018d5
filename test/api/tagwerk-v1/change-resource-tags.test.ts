import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, newImageId, newInstanceId, startWithUsers, targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id} and POST .../tags: one resource of any type.

let service: TestService
let target: Target
const id = newImageId()
const server = 'i-0123456789'

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    { ...image(id, 'env=prod', 'empty='), created_at: '2020-01-02T03:04:05Z', resource_name: 'One' },
    { resource_type: 'aws_instance', resource_id: server, tags: [{ key: 'Cost Center', value: 'R&D / 42' }] },
    { resource_type: 'ecs', resource_id: newInstanceId() },
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const pathOf = (type: string, of: string) =>
  `/tagwerk/v1/${service.project}/resources/${type}/${encodeURIComponent(of)}`
const show = async (type: string, of: string) => (await service.call('GET', pathOf(type, of))).body
const change = (type: string, of: string, body: object) => service.call('POST', `${pathOf(type, of)}/tags`, { body })

describe('one resource of any type', () => {
  it('gets tags by the rules of its type, all or none', async () => {
    const before = await service.call('GET', pathOf('aws_instance', server))
    const wide = { key: 'k'.repeat(128), value: 'ä/b' }
    const refused = await change('aws_instance', server, {
      action: 'create',
      tags: [wide, { key: 'k'.repeat(129), value: '' }],
    })
    expect([refused.status, refused.body.error_code]).toEqual([400, 'tag-invalid'])
    expect(await show('aws_instance', server)).toEqual(before.body)
    const changed = await change('aws_instance', server, {
      action: 'create',
      tags: [wide, { key: 'Cost Center', value: '1' }],
    })
    expect([changed.status, changed.body]).toEqual([200, { effect: 'updated' }])
    const revision = Number(before.headers.get('x-tagwerk-revision'))
    expect(Number(changed.headers.get('x-tagwerk-revision'))).toBe(revision + 1)
    expect((await show('aws_instance', server)).tags).toEqual([{ key: 'Cost Center', value: '1' }, wide])
    expect((await change('images', id, { action: 'create', tags: [wide] })).body.error_code).toBe('tag-invalid')
  })

  it('loses tags by key, or by exact tag, where the empty text is the empty value', async () => {
    const remove = async (tags: object[]) => (await change('images', id, { action: 'delete', tags })).body
    expect(await remove([{ key: 'env', value: '' }])).toEqual({ effect: 'unchanged' })
    expect(
      await remove([
        { key: 'empty', value: '' },
        { key: 'env', value: 'test' },
      ]),
    ).toEqual({ effect: 'updated' })
    expect((await show('images', id)).tags).toEqual([{ key: 'env', value: 'prod' }])
    expect(await remove([{ key: 'env', value: null }])).toEqual({ effect: 'updated' })
    expect((await show('images', id)).tags).toEqual([])
  })

  it('concurrent changes of one resource lose no tag', async () => {
    const keys = texts('k', 20)
    const answers = await Promise.all(
      keys.map((key) =>
        change('aws_instance', server, {
          action: 'create',
          tags: [
            { key, value: '1' },
            { key: `${key}-2`, value: '2' },
          ],
        }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200))
    const { tags } = await show('aws_instance', server)
    for (const key of keys) {
      expect(tags).toContainEqual({ key, value: '1' })
      expect(tags).toContainEqual({ key: `${key}-2`, value: '2' })
    }
  })

  it('may be shown, but not changed, by a user with read-only access', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await service.call('GET', pathOf('images', id), { token })).status).toBe(200)
    const body = { action: 'create', tags: [{ key: 'a', value: 'b' }] }
    const { status } = await service.call('POST', `${pathOf('images', id)}/tags`, { token, body })
    expect(status).toBe(403)
  })
})

describe('answers to a change of tags', () => {
  const at = (type: string, of: string) => `/tagwerk/v1/{project}/resources/${type}/${of}/tags`
  const of = (body: unknown) => ({ method: 'POST', path: at('images', id), body })
  const tags = [{ key: 'a', value: 'b' }]
  runScenarios(
    () => target,
    [
      {
        name: 'an unknown action is answered with 400',
        request: of({ action: 'add', tags }),
        ...tagwerkError(400, 'action-unknown', 'action'),
      },
      {
        name: 'no tags are answered with 400',
        request: of({ action: 'create', tags: [] }),
        ...tagwerkError(400, 'request-invalid', 'tags'),
      },
      {
        name: 'a missing value is answered with 400',
        request: of({ action: 'create', tags: [{ key: 'a' }] }),
        ...tagwerkError(400, 'request-invalid', 'tags[0].value'),
      },
      {
        name: 'a blank key is answered with 400',
        request: of({ action: 'delete', tags: [{ key: ' ' }] }),
        ...tagwerkError(400, 'tag-invalid', 'tags[0].key'),
      },
      {
        name: 'a key twice is answered with 400',
        request: of({ action: 'delete', tags: [{ key: 'a' }, { key: ' a' }] }),
        ...tagwerkError(400, 'tag-key-repeated', 'tags[1].key'),
      },
      {
        name: 'more tags than the type allows are answered with 400',
        request: of({ action: 'create', tags: texts('k', 11).map((key) => ({ key, value: '' })) }),
        ...tagwerkError(400, 'tag-quota-exceeded', 'tags', '10'),
      },
      {
        name: 'an unknown member is answered with 400',
        request: of({ action: 'create', tags, dry_run: true }),
        ...tagwerkError(400, 'request-invalid', 'dry_run'),
      },
      {
        name: 'a resource that does not exist is answered with 404',
        request: { method: 'POST', path: at('ecs', 'none'), body: { action: 'create', tags } },
        ...tagwerkError(404, 'resource-not-found'),
      },
      {
        name: 'a misspelt type is answered with 400',
        request: { method: 'POST', path: at('image', id), body: { action: 'create', tags } },
        ...tagwerkError(400, 'request-invalid', 'resource_type', 'images'),
      },
    ],
  )
})
