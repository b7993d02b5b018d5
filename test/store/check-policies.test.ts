import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkPolicies } from '../../src/store/check-policies.ts'
import type { Store } from '../../src/store/store.ts'
import { initialAccounts } from '../conformance/account-store.ts'
import { openLocation, TEST_LOCATIONS, type TestLocation } from '../conformance/locations.ts'

const PROJECT = { id: 'p1', domainId: 'd1' }
const policy = (name: string, ...values: readonly string[]) => ({
  name,
  document: '{}',
  policy: { blocks: [{ fold: 'env', tag_value: { append: values } }] },
  actor: 'u1',
  updatedAtMs: 1,
})

describe.each(TEST_LOCATIONS)('checking the policies of a project in %s', (_engine, makeLocation) => {
  let location: TestLocation
  let store: Store
  beforeEach(async () => {
    location = await makeLocation()
    store = await openLocation(location)
    await store.createInitialAccounts(initialAccounts())
    await store.putTagPolicy({ level: 'domain', id: 'd1' }, policy('a', 'prod'), 9)
    await store.putTagPolicy({ level: 'project', id: 'p1' }, policy('b', 'test'), 9)
  })
  afterEach(async () => {
    await store.close()
    await location.dispose()
  })

  it('a project is held to what its policies say', async () => {
    expect(await checkPolicies(store, PROJECT)).toEqual([])
    expect(await checkPolicies(store, { id: 'none', domainId: 'none' })).toEqual([])
  })

  it('a project that is held to something else, or to nothing, is a difference', async () => {
    const difference = [{ what: 'policy', words: expect.stringContaining('put or delete a policy of the domain') }]
    await location.sql(`DELETE FROM tag_policy WHERE name = 'b'`)
    expect(await checkPolicies(store, PROJECT)).toEqual(difference)
    await location.sql('DELETE FROM effective_policy')
    expect(await checkPolicies(store, PROJECT)).toEqual(difference)
    await store.putTagPolicy({ level: 'domain', id: 'd1' }, policy('a', 'prod'), 9)
    expect(await checkPolicies(store, PROJECT)).toEqual([])
  })

  it('policies that change between the reads are read again, and no difference if they never stay', async () => {
    let changes = 0
    const changing = (times: number) => ({
      ...store,
      getEffectivePolicy: async (project: string) => {
        if (++changes <= times) await store.putTagPolicy({ level: 'domain', id: 'd1' }, policy('a', `v${changes}`), 9)
        return store.getEffectivePolicy(project)
      },
    })
    expect(await checkPolicies(changing(1), PROJECT)).toEqual([])
    expect(changes).toBe(2)
    expect(await checkPolicies(changing(100), PROJECT)).toEqual([])
  })
})
