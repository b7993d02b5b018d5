import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { dbsError } from '../expected.ts'
import { image, instance, logIn, newImageId, newInstanceId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'
import { missingInstances, outsiders } from './instance-cases.ts'

/** What a call shows of a feature of an instance. */
type FeatureCase = {
  /** Path below the project, with `{id}` for the instance. */
  readonly path: string
  /** The body for an instance without a registered detail. */
  readonly bare: object
  /** The bodies for instances with registered details; by default the same as for a bare one. */
  readonly registered?: readonly { readonly name: string; readonly detail: object; readonly body: object }[]
  /** Query strings that are refused, with the code of the error. */
  readonly invalidQueries?: readonly (readonly [query: string, code: string])[]
}

/** Registers the tests of a call that shows a feature of an instance (contract 3.6). */
export function featureTests({ path, bare, registered = [], invalidQueries = [] }: FeatureCase): void {
  const fills = { bare: newInstanceId(), foreign: newInstanceId(), image: newImageId(), instance: newInstanceId() }
  const known = registered.map((each) => ({ ...each, id: newInstanceId() }))
  const get = (project: string, id: string) => `/v3/${project}${path.replace('{id}', id)}`
  let service: TestService
  let target: Target

  beforeAll(async () => {
    service = await startWithUsers()
    await service.register(
      instance(fills.bare),
      instance(fills.instance, 'key1=value1'),
      image(fills.image),
      { ...instance(fills.foreign), project: 'other' },
      ...known.map(({ id, detail }) => ({ ...instance(id), resource_detail: detail })),
    )
    target = await targetOf(service, fills)
  })
  afterAll(() => service.stop())

  runScenarios(
    () => target,
    [
      {
        name: 'an instance of which nothing is registered has the neutral state',
        request: { method: 'GET', path: get('{project}', '{bare}') },
        status: 200,
        body: bare,
      },
      ...known.map(({ name, id, body }) => ({
        name,
        request: { method: 'GET', path: get('{project}', id) },
        status: 200,
        body,
      })),
      ...invalidQueries.map(([query, code]) => ({
        name: `the query ${query} is refused with ${code} (D19)`,
        request: { method: 'GET', path: `${get('{project}', '{bare}')}?${query}` },
        ...dbsError(400, code, query.replace(/=.*/, '')),
      })),
      ...missingInstances((id) => ({ method: 'GET', path: get('{project}', id) })),
      ...outsiders((project) => ({ method: 'GET', path: get(project, '{instance}') })),
    ],
  )

  it('a user with a read-only role can see the feature', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await service.call('GET', get(service.project, fills.bare), { token })).status).toBe(200)
  })
}
