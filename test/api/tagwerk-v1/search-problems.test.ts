import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, instance, newImageId, newInstanceId, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// POST /tagwerk/v1/{project_id}/compliance/resources

const POLICY = {
  tags: {
    env: {
      tag_value: { '@@assign': ['prod', 'dev*'] },
      report_required_tag_for: { '@@assign': ['ims:image'] },
    },
    owner: { tag_key: { '@@assign': 'Owner' } },
  },
}

let service: TestService
let target: Target
const [good, missing, wrong] = [newImageId(), newImageId(), newImageId()]
const other = newInstanceId()

beforeAll(async () => {
  service = await startTestService()
  await service.register(
    image(good, 'env=dev-2', 'Owner=ana'),
    image(missing, 'team=web'),
    image(wrong, 'env=test', 'team=web'),
    instance(other, 'ENV=prod', 'owner=-bob'),
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const PATH = '/tagwerk/v1/{project}/compliance/resources'
const searched = (body: object) =>
  service.call('POST', PATH.replace('{project}', service.project), { body: { policy: POLICY, ...body } })
const ids = async (body: object) =>
  (await searched(body)).body.resources.map(({ resource_id }: { resource_id: string }) => resource_id)

describe('the resources that do not comply', () => {
  it('are listed by key and problem, and together', async () => {
    expect(await ids({ key: 'env', problem: 'missing' })).toEqual([missing])
    expect(await ids({ key: 'env', problem: 'wrong-value' })).toEqual([wrong])
    expect(await ids({ key: 'env', problem: 'wrong-case' })).toEqual([other])
    expect(await ids({ key: 'Owner' })).toEqual([other])
    expect(await ids({ problem: 'wrong-case' })).toEqual([other])
    expect(await ids({})).toEqual([missing, wrong, other])
  })

  it('are searched further, with facets, and page by page', async () => {
    expect(await ids({ filter: 'tags.team == "web"' })).toEqual([missing, wrong])
    expect(await ids({ types: ['instances'] })).toEqual([other])
    const { body } = await searched({ limit: 1, facets: [{ key: 'team' }] })
    expect([body.total_count, body.counts, body.facets[0].values]).toEqual([
      3,
      { images: 2, instances: 1 },
      [{ value: 'web', count: 2 }],
    ])
    expect(await ids({ limit: 1, after: body.next })).toEqual([wrong])
  })

  it('are listed as CSV with each problem and the key and value that they have', async () => {
    const { headers, text } = await searched({ format: 'csv' })
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(text.split('\r\n')).toEqual([
      'resource_type,resource_id,resource_name,key,problem,actual_key,actual_value',
      `images,${missing},image ${missing.slice(-4)},env,missing,,`,
      `images,${wrong},image ${wrong.slice(-4)},env,wrong-value,env,test`,
      `instances,${other},instance ${other},Owner,wrong-case,owner,'-bob`,
      `instances,${other},instance ${other},env,wrong-case,ENV,prod`,
      '',
    ])
  })
})

describe('answers about resources that do not comply', () => {
  const of = (body: object) => ({ method: 'POST', path: PATH, body })
  runScenarios(
    () => target,
    [
      {
        name: 'a key that the policy does not have is refused',
        request: of({ policy: POLICY, key: 'owner' }),
        ...tagwerkError(400, 'request-invalid', 'key', 'Owner'),
      },
      {
        name: 'an unknown problem is refused',
        request: of({ policy: POLICY, problem: 'wrong' }),
        ...tagwerkError(400, 'request-invalid', 'problem', 'wrong-case'),
      },
      {
        name: 'a policy with an unknown member is refused',
        request: of({ policy: { tags: { env: { tag_valu: {} } } } }),
        ...tagwerkError(400, 'request-invalid', 'tag_valu'),
      },
      {
        name: 'the name of a policy that does not exist is refused',
        request: of({ policy: 'base' }),
        ...tagwerkError(400, 'request-invalid', 'policy'),
      },
      {
        name: 'a project without policies has no resources that do not comply',
        request: of({}),
        status: 200,
        partial: { total_count: 0, resources: [] },
      },
    ],
  )
})
