import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tagwerkV1 } from '../../../src/api/tagwerk-v1/index.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, newImageId } from '../fixtures.ts'

// Tagwerk's own calls refuse what they do not know (contract 10.6).

let service: TestService
let domainToken: string
beforeAll(async () => {
  service = await startTestService({ flags: { faults: 'on' } })
  domainToken = await service.tokenFor(undefined)
})
afterAll(() => service.stop())

const { routes } = tagwerkV1(new Proxy({}, { get: () => ({}) }) as Parameters<typeof tagwerkV1>[0])

/** The query parameters that calls require, by the end of their paths. */
const REQUIRED = new Map([
  ['tag-values', 'key=k&'],
  ['explain', 'filter=true&'],
  ['diff', 'from=0&'],
])
/** The form of an id of a plan. */
const PLAN_ID = '0'.repeat(26)
/** The form of an id of near-duplicates. */
const GROUP_ID = '0'.repeat(16)

describe('every call of Tagwerk itself', () => {
  it.each(routes.map(({ method, path, access }) => [method, path, access] as const))(
    'is refused with an unknown query parameter: %s %s',
    async (method, path, access) => {
      const url = path
        .replace('{project_id}', service.project)
        .replace('{resource_type}', 'images')
        .replace('{resource_id}', 'x')
        .replace('{plan_id}', PLAN_ID)
        .replace('{group_id}', GROUP_ID)
        .replace('{policy_name}', 'a')
        .replace(/\{(user_id|role_id|access_key)\}/g, 'x')
      const given = (method === 'GET' && REQUIRED.get(path.replace(/^.*\//, ''))) || ''
      const token = access === 'domain' ? domainToken : service.token
      const body = path.endsWith('faults') ? { families: {} } : path.endsWith('import') ? '' : {}
      const answer = await service.call(method, `${url}?${given}dryrun=true`, {
        token,
        ...(/POST|PUT|PATCH/.test(method) ? { body } : {}),
      })
      expect({ status: answer.status, body: answer.body }).toEqual(
        tagwerkError(400, 'request-invalid', 'dryrun: is not a known parameter'),
      )
    },
  )

  it('a misspelt dry_run of an import changes nothing and names the parameter that exists', async () => {
    const id = newImageId()
    const body = JSON.stringify(image(id))
    for (const name of ['dryrun', 'dry-run', 'DRY_RUN', 'dryRun']) {
      const answer = await service.call('POST', `/tagwerk/v1/import?${name}=true`, { body })
      expect({ status: answer.status, body: answer.body }).toEqual(
        tagwerkError(400, 'request-invalid', `${name}: is not a known parameter, use "dry_run".`),
      )
    }
    expect((await service.call('GET', `/v2/${service.project}/images/${id}/tags`)).status).toBe(404)
  })

  it('refuses an unknown member at any depth of a fault plan', async () => {
    const put = async (body: unknown) => {
      const answer = await service.call('PUT', '/tagwerk/v1/faults', { token: domainToken, body })
      return { status: answer.status, body: answer.body }
    }
    expect(await put({ families: {}, family: {} })).toEqual(
      tagwerkError(400, 'request-invalid', 'family: is not a known member'),
    )
    expect(await put({ families: { 'ims-v2': { throtled: 1 } } })).toEqual(
      tagwerkError(400, 'request-invalid', 'families.ims-v2.throtled: is not a known member, use "throttled".'),
    )
  })
})
