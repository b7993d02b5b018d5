import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../cli/run.ts'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, instance, newImageId, newInstanceId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/near-duplicates

let service: TestService
let target: Target

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    image(newImageId(), 'Env=prod', 'env=Prod', 'team=web'),
    image(newImageId(), 'env=prod', 'owner=ana'),
    image(newImageId(), 'env=prod', 'cost-center=1'),
    instance(newInstanceId(), 'env=PROD', 'CostCenter=2'),
    instance(newInstanceId(), 'env=v1', 'cost_center=2'),
    instance(newInstanceId(), 'env=v2'),
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const PATH = '/tagwerk/v1/{project}/near-duplicates'
const list = async (query = '') => (await service.call('GET', PATH.replace('{project}', service.project) + query)).body

describe('near-duplicates', () => {
  it('of keys are listed over all types, with what a correction touches and a plan', async () => {
    const { groups, revision } = await list()
    expect(revision).toBe(6)
    expect(groups).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        kind: 'certain',
        members: [
          { key: 'CostCenter', resources: 1 },
          { key: 'cost-center', resources: 1 },
          { key: 'cost_center', resources: 1 },
        ],
        canonical: 'CostCenter',
        affected: 2,
        both: 0,
        proposed: true,
        plan: {
          actions: [
            { rename_key: { from: 'cost-center', to: 'CostCenter', if_both: 'refuse' } },
            { rename_key: { from: 'cost_center', to: 'CostCenter', if_both: 'refuse' } },
          ],
        },
      },
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        kind: 'certain',
        members: [
          { key: 'env', resources: 6 },
          { key: 'Env', resources: 1 },
        ],
        canonical: 'env',
        affected: 1,
        both: 1,
        proposed: true,
        plan: { actions: [{ rename_key: { from: 'Env', to: 'env', if_both: 'refuse' } }] },
      },
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        kind: 'related',
        members: [
          { key: 'owner', resources: 1 },
          { key: 'team', resources: 1 },
        ],
        canonical: 'owner',
        affected: 1,
        both: 0,
        proposed: false,
        plan: { actions: [{ rename_key: { from: 'team', to: 'owner', if_both: 'refuse' } }] },
      },
    ])
  })

  it('of the values of a key are joined by one value, and versions are not', async () => {
    const { groups } = await list('?key=env')
    expect(groups).toMatchObject([
      {
        kind: 'certain',
        key: 'env',
        members: [
          { value: 'prod', resources: 2 },
          { value: 'PROD', resources: 1 },
          { value: 'Prod', resources: 1 },
        ],
        plan: { actions: [{ map_value: { key: 'env', from: ['PROD', 'Prod'], to: 'prod' } }] },
      },
    ])
    expect(groups).toHaveLength(1)
  })

  it('keep their id while their numbers change, and can be asked for by kind', async () => {
    const before = (await list('?kind=related')).groups
    expect(before).toHaveLength(1)
    await service.register(image(newImageId(), 'owner=x'))
    expect((await list('?kind=related')).groups[0].id).toBe(before[0].id)
    expect((await list('?kind=perhaps')).groups).toEqual([])
  })

  it('are printed by the command line', async () => {
    const { code, stdout, stderr } = await run(['near-duplicates', '--key', 'env'], { endpoint: service.url })
    expect([code, stderr]).toEqual([0, '1 group of values of env.\n'])
    expect(stdout).toMatch(
      /^ID {16}KIND {5}KEEP {2}OTHERS {14}AFFECTED {2}BOTH\n[0-9a-f]{16} {2}certain {2}prod {2}PROD \(1\), Prod \(1\) {2}2 {9}0\n$/,
    )
  })
})

describe('answers about near-duplicates', () => {
  const of = (query: string) => ({ method: 'GET', path: `${PATH}?${query}` })
  runScenarios(
    () => target,
    [
      { name: 'a key that is not in use has no groups', request: of('key=none'), status: 200, partial: { groups: [] } },
      {
        name: 'an unknown kind is refused',
        request: of('kind=sure'),
        ...tagwerkError(400, 'request-invalid', 'kind', 'certain'),
      },
      {
        name: 'an unknown parameter is refused',
        request: of('keys=env'),
        ...tagwerkError(400, 'request-invalid', 'keys', 'key'),
      },
    ],
  )
})
