import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../cli/run.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, instance, newImageId, newInstanceId, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/coverage

const DAY_MS = 86_400_000
const NOON = Date.parse('2026-11-29T12:00:00Z')

let service: TestService
let target: Target
let nowMs = NOON - 3 * DAY_MS

beforeAll(async () => {
  service = await startTestService({ internals: { clock: () => nowMs } })
  const ids = [newImageId(), newImageId()] as const
  await service.register(image(ids[0], 'env=prod', 'team=web'), image(ids[1]))
  nowMs += DAY_MS
  service = await service.renewed()
  await service.register(image(ids[1], 'env=test'), instance(newInstanceId(), 'owner=ana', '-cmd=1'))
  nowMs = NOON
  service = await service.renewed()
  await service.register(instance(newInstanceId()))
  await backfill({ from: '2026-11-26', to: '2026-11-27' })
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const PATH = '/tagwerk/v1/{project}/coverage'
const show = (query = '') => service.call('GET', PATH.replace('{project}', service.project) + query)
const backfill = (body: object) =>
  service.call('POST', `${PATH.replace('{project}', service.project)}/backfill`, { body })

describe('coverage', () => {
  it('now has the numbers of each key by type and in all, and those of resources without tags', async () => {
    const { body, headers } = await show()
    expect(headers.get('x-tagwerk-revision')).toBe('5')
    const images = { resource_type: 'images', resources: 2 }
    const instances = { resource_type: 'instances', resources: 2 }
    expect(body).toEqual({
      revision: 5,
      now: {
        ...{ resources: 4, tagged: 3, coverage: 0.75, untagged: 1 },
        types: [
          { ...images, tagged: 2, coverage: 1 },
          { ...instances, tagged: 1, coverage: 0.5 },
        ],
        keys: [
          {
            ...{ key: 'env', resources: 4, tagged: 2, coverage: 0.5 },
            types: [
              { ...images, tagged: 2, coverage: 1 },
              { ...instances, tagged: 0, coverage: 0 },
            ],
          },
          {
            ...{ key: '-cmd', resources: 4, tagged: 1, coverage: 0.25 },
            types: [
              { ...images, tagged: 0, coverage: 0 },
              { ...instances, tagged: 1, coverage: 0.5 },
            ],
          },
          {
            ...{ key: 'owner', resources: 4, tagged: 1, coverage: 0.25 },
            types: [
              { ...images, tagged: 0, coverage: 0 },
              { ...instances, tagged: 1, coverage: 0.5 },
            ],
          },
          {
            ...{ key: 'team', resources: 4, tagged: 1, coverage: 0.25 },
            types: [
              { ...images, tagged: 1, coverage: 0.5 },
              { ...instances, tagged: 0, coverage: 0 },
            ],
          },
        ].sort((a, b) => (a.key < b.key ? -1 : 1)),
      },
    })
  })

  it('of some keys and types counts these only, also a key that nothing has', async () => {
    const { body } = await show('?keys=nobody&keys=env&types=images')
    expect(body.now).toMatchObject({ resources: 2, untagged: 0 })
    expect(body.now.keys).toEqual([
      {
        ...{ key: 'env', resources: 2, tagged: 2, coverage: 1 },
        types: [{ resource_type: 'images', resources: 2, tagged: 2, coverage: 1 }],
      },
      {
        ...{ key: 'nobody', resources: 2, tagged: 0, coverage: 0 },
        types: [{ resource_type: 'images', resources: 2, tagged: 0, coverage: 0 }],
      },
    ])
  })

  it('of a type without resources is null', async () => {
    const { body } = await show('?types=ecs&keys=env')
    expect(body.now).toMatchObject({ resources: 0, coverage: null, keys: [{ key: 'env', coverage: null }] })
  })

  it('of days has the stored ones, at their last revision, and names the others', async () => {
    const { body } = await show('?keys=env&from=2026-11-25')
    expect(body.points).toEqual([
      {
        ...{ day: '2026-11-26', revision: 2, resources: 2, tagged: 1, coverage: 0.5, untagged: 1 },
        keys: [{ key: 'env', resources: 2, tagged: 1, coverage: 0.5 }],
      },
      {
        ...{ day: '2026-11-27', revision: 4, resources: 3, tagged: 3, coverage: 1, untagged: 0 },
        keys: [{ key: 'env', resources: 3, tagged: 2, coverage: 0.6667 }],
      },
    ])
    expect(body.missing).toEqual(['2026-11-25', '2026-11-28'])
    expect(body.known_from).toBeUndefined()
  })

  it('of days by type sums up the types that are named', async () => {
    const { body } = await show('?keys=env&types=instances&types=images&from=2026-11-26&to=2026-11-27')
    expect(body.points[0].types).toEqual([{ resource_type: 'images', resources: 2, tagged: 1, coverage: 0.5 }])
    expect(body.points[1]).toMatchObject({ resources: 3, tagged: 3, keys: [{ key: 'env', resources: 3, tagged: 2 }] })
    const images = (await show('?keys=env&types=images&from=2026-11-27&to=2026-11-27')).body.points
    expect(images).toMatchObject([{ resources: 2, tagged: 2, keys: [{ resources: 2, tagged: 2, coverage: 1 }] }])
  })

  it('of weeks has the last stored day of each', async () => {
    const { body } = await show('?keys=env&from=2026-11-16&interval=week')
    expect(body.points.map(({ day }: { day: string }) => day)).toEqual(['2026-11-27'])
    expect(body.missing).toHaveLength(11)
  })

  it('as CSV has a row for each key and type, that a spreadsheet program reads as text', async () => {
    const now = await show('?format=csv&keys=-cmd&types=instances')
    expect(now.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(now.text.split('\r\n')).toEqual([
      'day,key,resource_type,resources,tagged,coverage,valid,validity',
      'now,,,2,1,0.5,,',
      'now,,instances,2,1,0.5,,',
      "now,'-cmd,,2,1,0.5,,",
      "now,'-cmd,instances,2,1,0.5,,",
      '',
    ])
    const days = await show('?format=csv&keys=env&from=2026-11-26')
    expect(days.text.split('\r\n').slice(1)).toEqual([
      '2026-11-26,,,2,1,0.5,,',
      '2026-11-26,env,,2,1,0.5,,',
      '2026-11-27,,,3,3,1,,',
      '2026-11-27,env,,3,2,0.6667,,',
      '',
    ])
  })

  it('as of an earlier moment has the numbers of then', async () => {
    const { body } = await show('?as_of=2&keys=env')
    expect([body.revision, body.now.resources, body.now.keys[0].tagged]).toEqual([2, 2, 1])
  })

  it('is refused for days that are not over, in the wrong order, or too many', async () => {
    const refusal = async (query: string) => (await show(query)).body.error_msg
    expect(await refusal('?from=2026-11-29')).toContain('from')
    expect(await refusal('?from=2026-11-01&to=2026-11-29')).toContain('at most 2026-11-28')
    expect(await refusal('?from=2020-11-01')).toContain('at most 1099 days before 2026-11-28')
    expect(await refusal('?from=2026-02-30')).toContain('a day such as 2026-01-31')
    expect(await refusal('?to=2026-11-01')).toContain('from')
    expect(await refusal('?interval=week')).toContain('from')
  })

  it('is printed by the command, which can store days before', async () => {
    const at = { endpoint: service.url, nowMs }
    const now = await run(['coverage', '--key', 'env', '--type', 'images'], at)
    expect(now.stdout).toMatch(/KEY +TYPE +RESOURCES +TAGGED +COVERAGE/)
    expect(now.stdout).toMatch(/env +images +2 +2 +100\.0 %/)
    expect(now.stderr).toContain('0 of 2 resources have no tag.')
    const days = await run(
      ['coverage', '--key', 'env', '--from', '2026-11-25', '--to', '2026-11-28', '--csv', '--backfill'],
      at,
    )
    expect(days.stderr).toContain('3 days stored.')
    expect(days.stdout).toContain('2026-11-28,env,(all),3,2,66.7 %')
    const json = await run(['coverage', '--json'], at)
    expect(JSON.parse(json.stdout).now.resources).toBe(4)
  })
})

describe('answers about coverage', () => {
  const of = (query: string) => ({ method: 'GET', path: `${PATH}?${query}` })
  runScenarios(
    () => target,
    [
      {
        name: 'an unknown parameter is refused',
        request: of('key=env'),
        ...tagwerkError(400, 'request-invalid', 'key', 'keys'),
      },
      {
        name: 'an unknown type is refused',
        request: of('types=imagez'),
        ...tagwerkError(400, 'request-invalid', 'types[0]', 'images'),
      },
      {
        name: 'a moment that is not known yet is refused',
        request: of('as_of=99999'),
        ...tagwerkError(400, 'revision-unknown', 'as_of'),
      },
    ],
  )
})
