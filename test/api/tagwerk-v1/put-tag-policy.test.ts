import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, newImageId } from '../fixtures.ts'
import { envPolicy, policyCalls } from './policy-calls.ts'

// W44: PUT /tagwerk/v1/{project_id}/policies/{policy_name}.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { domain, project, clear, addTag } = policyCalls(() => service)
beforeEach(() => clear())

it('a policy of a project holds the next write of that project', async () => {
  const id = newImageId()
  await service.register(image(id))
  expect((await project('PUT', '/a', envPolicy('prod'))).status).toBe(200)
  expect(await addTag(id, 'env=test')).toEqual([400, 'tag-policy-violated'])
  expect(await addTag(id, 'env=prod')).toBe(200)
})

it('a policy of a project can do what the policies of the domain allow, and is warned of the rest', async () => {
  const { tags } = envPolicy('prod')
  const closed = { tags: { env: { ...tags.env, '@@operators_allowed_for_child_policies': ['@@append'] } } }
  await domain('PUT', '/base', closed)
  const { body } = await project('PUT', '/a', {
    tags: { env: { tag_value: { '@@append': ['test'] }, enforced_for: { '@@assign': [] } } },
  })
  expect(body.warnings).toEqual([
    {
      field: 'tags.env.enforced_for.@@assign',
      message: 'It has no effect, because the policies of the domain do not allow this operator to projects.',
    },
  ])
  expect((await project('GET', '/effective')).body.rules).toMatchObject([
    { tag_key: 'env', tag_value: ['prod', 'test'], enforced_for: ['images'] },
  ])
})

it('a policy of a project is not put with a token for the domain, or for another project', async () => {
  const token = await service.tokenFor(undefined)
  const path = `/tagwerk/v1/${service.project}/policies/a`
  expect((await service.call('PUT', path, { token, body: envPolicy('a') })).status).toBe(403)
  expect((await service.call('PUT', '/tagwerk/v1/other/policies/a', { body: envPolicy('a') })).status).toBe(403)
})
