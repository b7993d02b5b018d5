import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, newImageId } from '../fixtures.ts'
import { envPolicy, policyCalls } from './policy-calls.ts'

// W41: DELETE /tagwerk/v1/domain/policies/{policy_name}.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const { domain, addTag } = policyCalls(() => service)

it('no write is held to a policy of a domain that was deleted', async () => {
  const id = newImageId()
  await service.register(image(id))
  await domain('PUT', '/a', envPolicy('prod'))
  expect(await addTag(id, 'env=x')).toEqual([400, 'tag-policy-violated'])
  expect((await domain('DELETE', '/a')).status).toBe(204)
  expect(await addTag(id, 'env=x')).toBe(200)
})

it('a policy of a domain that does not exist is not deleted', async () => {
  const { status, body } = await domain('DELETE', '/none')
  expect([status, body.error_code]).toEqual([404, 'tag-policy-not-found'])
})
