import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { image, logIn, makeUser, newImageId, projectNamed } from '../fixtures.ts'
import { type CountedTags, startWithTags } from './counted-tags.ts'

// POST /tagwerk/v1/domain/resources/search

const SEARCH = '/tagwerk/v1/domain/resources/search'

let tags: CountedTags

beforeAll(async () => {
  tags = await startWithTags()
})
afterAll(() => tags.service.stop())

const search = async (body: object, token = tags.domainToken) => {
  const answer = await tags.service.call('POST', SEARCH, { token, body })
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return answer.body
}
const idsOf = ({ resources }: { resources: { resource_id: string }[] }) => resources.map((one) => one.resource_id)

describe('a search of all projects of the domain', () => {
  it('finds resources by project, then by type, and names the revision of each project', async () => {
    const answer = await search({ filter: "tags['env']=='prod'" })
    expect(idsOf(answer)).toEqual(['d', 'c', 'a', 'e'])
    expect(answer).toMatchObject({
      total_count: 4,
      filter: 'tags.env == "prod"',
      projects: [
        { project_name: 'default', revision: 4, total_count: 3, counts: { aws_instance: 1, ecs: 1, images: 1 } },
        { project_name: 'second', revision: 1, total_count: 1, counts: { ecs: 1 } },
      ],
    })
    expect(answer.counts).toEqual({ aws_instance: 1, disk: 0, ecs: 2, images: 1 })
    const { id } = await projectNamed(tags.service, 'second')
    expect(answer.resources[3]).toMatchObject({ project_id: id, project_name: 'second', resource_type: 'ecs' })
    expect(answer.resources[3]).toHaveProperty('created_at')
    expect((await search({ filter: `project == "${id}"` })).total_count).toBe(1)
  })

  it('pages of any size join to the whole, over projects', async () => {
    const whole = await search({})
    expect(whole.total_count).toBe(7)
    for (const limit of [1, 2, 3, 4, 5]) {
      const found: object[] = []
      let after: string | undefined
      do {
        const page = await search({ limit, after })
        expect(page.total_count).toBe(7)
        found.push(...page.resources)
        after = page.next
      } while (after !== undefined)
      expect([limit, found]).toEqual([limit, whole.resources])
    }
  })

  it('adds up facets and the counts of the parts of a filter', async () => {
    const answer = await search({
      filter: 'tags.env == "prod" || tags.env == "dev"',
      facets: [{ key: 'env' }, { key: 'env', exclude_own: true, limit: 2 }, { keys: true, limit: 1 }],
      explain: true,
      limit: 0,
    })
    expect(answer.facets).toEqual([
      {
        ...{ key: 'env', with_key: 5, without_key: 0, more: 0 },
        values: [
          { value: 'prod', count: 4 },
          { value: 'dev', count: 1 },
        ],
      },
      {
        ...{ key: 'env', with_key: 6, without_key: 1, more: 1 },
        values: [
          { value: 'prod', count: 4 },
          { value: 'dev', count: 1 },
        ],
      },
      { with_key: 5, without_key: 0, keys: [{ key: 'env', count: 5 }], more: 5 },
    ])
    expect(answer.explain).toMatchObject({ count: 5, children: [{ count: 4 }, { count: 1 }] })
    expect(answer.resources).toEqual([])
  })

  it('goes on with the next project when that of the cursor is gone', async () => {
    const doomed = ['k', 'm'].map(() => newImageId())
    await tags.service.register(...doomed.map((id) => ({ ...image(id, 'x=1'), project: 'fourth' })))
    const { next, resources } = await search({ filter: '!(tags.env == "prod")', limit: 2 })
    expect(resources.map(({ project_name }: { project_name: string }) => project_name)).toEqual(['default', 'fourth'])
    const { id } = await projectNamed(tags.service, 'fourth')
    const off = { body: { project: { enabled: false } }, token: tags.domainToken }
    expect((await tags.service.call('PATCH', `/v3/projects/${id}`, off)).status).toBe(200)
    const rest = await search({ filter: '!(tags.env == "prod")', limit: 5, after: next })
    const names = rest.resources.map(({ project_name }: { project_name: string }) => project_name)
    expect([names, rest.next]).toEqual([['guests', 'third'], undefined])
  })

  it('leaves out projects in which a role denies it, and needs a role in the domain', async () => {
    const { service, domainToken } = tags
    const id = await makeUser(service, domainToken, 'walled', { role: 'te_admin' })
    const policy = { Version: '1.1', Statement: [{ Effect: 'Deny', Action: ['tagwerk:*:*'] }] }
    const role = { display_name: 'wall', type: 'XA', policy }
    const made = await service.call('POST', '/v3.0/OS-ROLE/roles', { body: { role }, token: domainToken })
    const second = await projectNamed(service, 'second')
    const path = `/v3/projects/${second.id}/users/${id}/roles/${made.body.role.id}`
    expect((await service.call('PUT', path, { token: domainToken })).status).toBe(204)
    const { token } = await logIn(service, 'walled', undefined)
    expect(idsOf(await search({ filter: '"zone" in tags' }, token))).toEqual([])
    expect(idsOf(await search({ filter: '"zone" in tags' }))).toEqual(['e'])
    expect((await service.call('POST', SEARCH, { body: {} })).status).toBe(403)
  })
})

describe('answers to a search of all projects', () => {
  const forged = Buffer.from(JSON.stringify(['default', 'x', 'images', 1, 2, -1])).toString('base64url')
  it.each([
    ['a cursor that no page gave', { after: 'x' }, 'marker-invalid', 'after'],
    ['a cursor with impossible numbers', { after: forged }, 'marker-invalid', 'after'],
    ['an unknown type', { types: ['robots'] }, 'request-invalid', 'types[0]'],
    ['a revision, which is of one project', { as_of: 3 }, 'request-invalid', 'as_of'],
    ['a filter that cannot be read', { filter: 'tags.' }, 'filter-invalid', 'filter'],
  ])('%s is refused', async (_name, body, code, field) => {
    const token = tags.domainToken
    const { status, body: given } = await tags.service.call('POST', SEARCH, { token, body })
    expect({ status, body: given }).toEqual(tagwerkError(400, code, field))
  })
})
