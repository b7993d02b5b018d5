import { afterAll, beforeAll, expect, it } from 'vitest'
import { COVERED_FAMILIES, callOf, vendorOperations } from '../../tools/coverage.ts'
import { OPERATIONS } from '../support/samples/operations.ts'
import { startTestService, type TestService } from '../support/service.ts'

// Calls of the vendors' SDKs that are missing: a client must see that the call does not exist, and not an error of another
// call whose path fits.

const served = new Set([...OPERATIONS.keys()].map((call) => call.replace(/\{\w+\}/g, '{}')))

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

it.each(COVERED_FAMILIES)('every missing call of %s is answered as an unknown path or method', async (family) => {
  const missing = vendorOperations(family).filter((operation) => !served.has(callOf(operation)))
  expect(missing.length).toBeGreaterThan(0)
  for (const { method, path } of missing) {
    const url = path.replace('{project_id}', service.project).replace(/\{\w+\}/g, 'x')
    const { status, body, text } = await service.call(method, url)
    expect([404, 405], `${method} ${path}: ${text}`).toContain(status)
    if (method === 'HEAD') continue
    // The identity service has a format of its own, which its clients need to show the message.
    const isUnknown =
      family === 'iam-v3' ? /Not Found|Not Allowed/.test(body.error?.title) : body.error_code === 'APIGW.0101'
    expect(isUnknown, `${method} ${path}: ${text}`).toBe(true)
  }
})
