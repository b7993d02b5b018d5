import { afterAll, beforeAll, expect, it } from 'vitest'
import { TAG_SERVICE_ROWS } from '../../../src/api/tag-services/index.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { getFrom } from './get-from.ts'

// The entries of the service catalogue: one for each service, with a host of its own where the path is shared (contract 12.2).

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

type Entry = { readonly type: string; readonly endpoints: readonly { readonly url: string; readonly region: string }[] }

/** The addresses of the catalogue by type, as a client sees them that reached the service by a host. */
async function addressesAt(host: string): Promise<Readonly<Record<string, string>>> {
  const { body } = await getFrom(service, host, '/v3/auth/catalog')
  return Object.fromEntries((body.catalog as Entry[]).map(({ type, endpoints }) => [type, endpoints[0]?.url ?? '']))
}

it('every service has an endpoint that its first path begins with', async () => {
  const addresses = await addressesAt('127.0.0.1:8780')
  for (const { service: type, base } of TAG_SERVICE_ROWS) {
    // The identity service has entries of its own.
    if (type === 'iam') continue
    expect([type, addresses[type]]).toEqual([type, expect.stringMatching(/^http:\/\/127\.0\.0\.1:8780\/./)])
    const first = TAG_SERVICE_ROWS.find((row) => row.service === type)?.base.replace('{project_id}', service.project)
    expect([base, `http://127.0.0.1:8780${first}/`.startsWith(`${addresses[type]}/`)]).toEqual([base, true])
  }
})

it.each([
  ['localhost:8780', 'http://rds.localhost:8780'],
  ['tags.example.com', 'http://rds.tags.example.com'],
  ['rds.localhost:8780', 'http://rds.localhost:8780'],
  ['DDS.localhost:8780', 'http://rds.localhost:8780'],
  ['tagwerk', 'http://rds.tagwerk'],
  ['127.0.0.1:8780', 'http://127.0.0.1:8780'],
  ['[::1]:8780', 'http://[::1]:8780'],
])('a client of %s finds RDS at %s, and VPC at the host that it has', async (host, expected) => {
  const addresses = await addressesAt(host)
  expect(addresses.rds).toBe(`${expected}/v3/${service.project}`)
  expect(addresses.vpc).toBe(`http://${host}/v2.0/${service.project}`)
})

it('the services with a family of their own have the same addresses at any host', async () => {
  expect((await addressesAt('localhost:8780')).gaussdb).toBe(`http://localhost:8780/v3/${service.project}`)
  expect((await addressesAt('localhost:8780')).image).toBe('http://localhost:8780')
})
