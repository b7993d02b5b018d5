import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tagOf } from '../fixtures.ts'
import { runScenarios } from '../scenarios.ts'
import { accessScenarios, type DomainWorld, startDomainWorld } from './domain-world.ts'

// T4: GET /v1.0/tms/quotas (contract 5).

const PATH = '/v1.0/tms/quotas'

let world: DomainWorld
beforeAll(async () => {
  world = await startDomainWorld()
})
afterAll(() => world.service.stop())

const quotas = (used: number) => ({
  quotas: [{ used, unit: 'count', quota_key: 'predefine_tag', quota_limit: 500 }],
})

describe('shows how many predefined tags there are and may be', () => {
  it("the quota counts predefined tags of the caller's domain", async () => {
    expect(await world.ask('GET', PATH)).toMatchObject({ status: 200, body: quotas(0) })
    const tags = ['a=1', 'a=2', 'b=1', 'b=1'].map(tagOf)
    await world.ask('POST', '/v1.0/predefine_tags/action', { action: 'create', tags })
    expect((await world.ask('GET', PATH)).body).toEqual(quotas(3))
    expect((await world.ask('GET', PATH, undefined, world.tokens.stranger)).body).toEqual(quotas(0))
  })
})

describe('access control: answers', () => {
  runScenarios(() => world.target({}), accessScenarios({ method: 'GET', path: PATH }, 'reads', { status: 200 }))
})
