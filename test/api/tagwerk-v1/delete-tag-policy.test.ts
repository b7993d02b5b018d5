import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, newImageId } from '../fixtures.ts'
import { envPolicy, policyCalls } from './policy-calls.ts'

// W46: DELETE /tagwerk/v1/{project_id}/policies/{policy_name}.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { project, addTag } = policyCalls(() => service)

it('no write is held to a policy of a project that was deleted', async () => {
  const id = newImageId()
  await service.register(image(id))
  await project('PUT', '/a', envPolicy('prod'))
  expect(await addTag(id, 'env=x')).toEqual([400, 'tag-policy-violated'])
  expect((await project('DELETE', '/a')).status).toBe(204)
  expect(await addTag(id, 'env=x')).toBe(200)
})

it('a policy of a project that does not exist is not deleted', async () => {
  const { status, body } = await project('DELETE', '/none')
  expect([status, body.error_code]).toEqual([404, 'tag-policy-not-found'])
})
