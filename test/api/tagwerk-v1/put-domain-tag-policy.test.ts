import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, logIn, makeUser, newImageId } from '../fixtures.ts'
import { envPolicy, policyCalls } from './policy-calls.ts'

// W39: PUT /tagwerk/v1/domain/policies/{policy_name}.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { domain, clear, addTag } = policyCalls(() => service)
beforeEach(() => clear())

async function newImage(...tags: readonly string[]): Promise<string> {
  const id = newImageId()
  await service.register(image(id, ...tags))
  return id
}

describe('a policy of the domain', () => {
  it('is put with its keys, time and author, and replaced under the same name', async () => {
    const { status, body } = await domain('PUT', '/a', envPolicy('prod'))
    expect([status, body]).toEqual([
      200,
      { name: 'a', keys: ['env'], updated_at: expect.any(String), updated_by: expect.any(String), warnings: [] },
    ])
    await domain('PUT', '/a', envPolicy('test'))
    expect((await domain('GET', '/a')).body.policy).toEqual(envPolicy('test'))
  })

  it('holds the next write of each of its projects, and leaves old faults in place', async () => {
    const [bad, good] = [await newImage('env=stage'), await newImage()]
    await domain('PUT', '/a', envPolicy('prod'))
    expect(await addTag(good, 'env=stage')).toEqual([400, 'tag-policy-violated'])
    expect(await addTag(good, 'ENV=prod')).toEqual([400, 'tag-policy-violated'])
    expect(await addTag(good, 'env=prod')).toBe(200)
    expect(await addTag(bad, 'team=web')).toBe(200)
  })

  it('refuses with the key, the rule and the value', async () => {
    const id = await newImage()
    await domain('PUT', '/a', envPolicy('prod', 'dev*'))
    const path = `/tagwerk/v1/${service.project}/resources/images/${id}/tags`
    const body = { action: 'create', tags: [{ key: 'env', value: 'stage' }] }
    expect((await service.call('POST', path, { body })).body).toMatchObject({
      error_code: 'tag-policy-violated',
      error_msg: 'A tag policy refuses the change. tags.env: a tag policy allows only "dev*", "prod" (got "stage").',
    })
  })

  it('is answered with warnings about what is probably not meant', async () => {
    const { body } = await domain('PUT', '/b', {
      tags: {
        'cost center': { enforced_for: { '@@assign': ['ims:image', 'acme:thing'] } },
        env: { tag_value: { '@@assign': ['a,b'] }, enforced_for: { '@@assign': ['ims:image'] } },
      },
    })
    expect(body.warnings).toMatchObject([
      { field: 'tags["cost center"].enforced_for.@@assign[1]' },
      {
        field: 'tags.cost center',
        message: expect.stringMatching(/^No resource of the type images can have this tag: /),
      },
      { field: 'tags.env', message: expect.stringMatching(/has "," at character 2/) },
    ])
    await domain('PUT', '/a', envPolicy('prod'))
    expect((await domain('PUT', '/b', envPolicy('test'))).body.warnings).toEqual([
      {
        field: 'tags.env.tag_value.@@assign',
        message: 'It has no effect, because the policy "a", whose name comes first, assigns something else.',
      },
    ])
  })

  it('is refused with the path of the first fault', async () => {
    const { status, body } = await domain('PUT', '/a', { tags: { env: { correction: {} } } })
    expect([status, body.error_code]).toEqual([400, 'request-invalid'])
    expect(body.error_msg).toMatch(/tags\.env\.correction: this member of Tencent Cloud's policies is not supported/)
    expect((await domain('GET')).body).toEqual({ policies: [] })
  })

  it('is refused above 100 KB, under a reserved or invalid name, and beyond the twentieth', async () => {
    const long = {
      tags: { env: { tag_value: { '@@assign': Array.from({ length: 600 }, (_, i) => `${i}`.padEnd(200)) } } },
    }
    expect((await domain('PUT', '/a', long)).body.error_msg).toMatch(/must have at most 102400 bytes/)
    expect((await domain('PUT', '/effective', envPolicy('a'))).status).toBe(400)
    expect((await domain('PUT', '/_a', envPolicy('a'))).status).toBe(400)
    for (let i = 0; i < 20; i++) expect((await domain('PUT', `/p${i}`, envPolicy('a'))).status).toBe(200)
    const { status, body } = await domain('PUT', '/more', envPolicy('a'))
    expect([status, body.error_code]).toEqual([409, 'tag-policy-limit-reached'])
  })

  it('is for administrators of the domain, and readers may look at it', async () => {
    await domain('PUT', '/a', envPolicy('prod'))
    await makeUser(service, await service.tokenFor(undefined), 'looker', { role: 'readonly' })
    const { token } = await logIn(service, 'looker', undefined)
    const path = '/tagwerk/v1/domain/policies/a'
    expect((await service.call('GET', path, { token })).status).toBe(200)
    expect((await service.call('PUT', path, { token, body: envPolicy('x') })).status).toBe(403)
    expect((await service.call('DELETE', path, { token })).status).toBe(403)
    expect((await service.call('PUT', path, { body: envPolicy('x') })).status).toBe(403)
  })

  it('is in the account log', async () => {
    await domain('PUT', '/logged', envPolicy('prod'))
    const token = await service.tokenFor(undefined)
    const { body } = await service.call('GET', '/tagwerk/v1/account-log?limit=1', { token })
    expect(body.entries).toMatchObject([
      { event: 'tag-policy.updated', target: { type: 'tag-policy', name: 'logged' }, detail: { level: 'domain' } },
    ])
  })
})

it('a plan shows what a policy refuses before it is applied, and a conflict if the policy came later', async () => {
  const id = await newImage('env=prod')
  const plan = async () => {
    const body = {
      select: { ids: [{ resource_type: 'images', resource_id: id }] },
      actions: [{ set: { env: 'stage' } }],
    }
    return (await service.call('POST', `/tagwerk/v1/${service.project}/plans`, { body })).body
  }
  const early = await plan()
  await domain('PUT', '/a', envPolicy('prod'))
  expect((await plan()).summary).toMatchObject({
    refused: 1,
    codes: { 'tag-policy-violated': 1 },
    policy_violations: 1,
  })
  const applied = await service.call('POST', `/tagwerk/v1/${service.project}/plans/${early.id}/apply`, { body: {} })
  expect([applied.status, applied.body.error_code]).toEqual([409, 'plan-conflicts'])
  expect(applied.body.conflicts).toMatchObject([{ resource_id: id, error_code: 'tag-policy-violated' }])
})

it('an import is refused line by line, also when it is tried out', async () => {
  await domain('PUT', '/a', {
    tags: {
      env: {
        tag_value: { '@@assign': ['prod'] },
        enforced_for: { '@@assign': ['ims:*'] },
        report_required_tag_for: { '@@assign': ['ims:*'] },
        required_on_create: true,
      },
    },
  })
  const lines = [image(newImageId(), 'env=prod'), image(newImageId(), 'env=x'), image(newImageId(), 'a=1')]
  const body = lines.map((line) => JSON.stringify({ project: 'default', ...line })).join('\n')
  const token = await service.tokenFor(undefined)
  for (const query of ['?dry_run=true', '']) {
    const answer = await service.call('POST', `/tagwerk/v1/import${query}`, { body, token })
    expect(answer.body).toMatchObject({ created: 1, refused: 2 })
    expect(answer.text).toContain('a tag policy requires this key for a new resource')
  }
})
