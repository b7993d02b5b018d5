import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CheckedProject, checkProject } from '../../src/store/check-log.ts'
import { openReadOnlyStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { openLocation, TEST_LOCATIONS, type TestLocation } from '../conformance/locations.ts'
import { register, remove, setTags } from '../conformance/requests.ts'

describe.each(TEST_LOCATIONS)('checking a project in %s', (_engine, makeLocation) => {
  let location: TestLocation
  let store: Store
  beforeEach(async () => {
    location = await makeLocation()
    store = await openLocation(location)
    const many = Array.from({ length: 1100 }, (_, i) => register(`m${i}`))
    await store.commit('p', [register('i1', 'a=1'), register('i2', 'b=\0'), setTags('i1', 'c=3'), ...many])
    await store.commit('p', [remove('i2'), register('i2', 'again='), remove('m5')])
    await store.commit('q', [register('i1')])
  })
  afterEach(async () => {
    await store.close()
    await location.dispose()
  })

  /** Checks while the store is open. */
  async function checked(project = 'p'): Promise<CheckedProject> {
    const reader = await openReadOnlyStore({ ...location.at, migrates: false } as TestLocation['at'], {
      onUnreachable: () => undefined,
      onReachable: () => undefined,
    })
    try {
      return await checkProject(reader, project)
    } finally {
      await reader.close()
    }
  }

  it('the log and the rows of a store agree', async () => {
    expect(await checked()).toEqual({ revision: 1106, resources: 1101, differences: [] })
    expect(await checked('never written')).toEqual({ revision: 0, resources: 0, differences: [] })
  })

  it('log and rows are compared as of one revision while others write', async () => {
    const reader = {
      getTypes: store.getTypes,
      getRevision: (project: string) => store.getRevision(project),
      changesSince: store.changesSince,
      scan: async (...args: Parameters<Store['scan']>) => {
        await store.commit('p', [setTags('i1', 'between=1'), register('late')])
        const scan = await store.scan(...args)
        await store.commit('p', [remove('late')])
        return scan
      },
    }
    expect(await checkProject(reader, 'p')).toEqual({ revision: 1108, resources: 1102, differences: [] })
  })

  it('a log without creation times agrees with the rows', async () => {
    await store.commit('p', [setTags('i1', 'later=1')])
    await location.sql(`UPDATE change_log SET created_at_ms = NULL`)
    expect((await checked()).differences).toEqual([])
  })

  it.each([
    [
      `UPDATE resource SET tags = '[["a","2"]]' WHERE resource_id = 'i1' AND project_id = 'p'`,
      ['row-differs: images i1 differs from its state in the log'],
    ],
    [
      `UPDATE resource SET created_at_ms = 7 WHERE resource_id = 'i1' AND project_id = 'p'`,
      ['row-differs: images i1 differs from its state in the log'],
    ],
    [
      `DELETE FROM resource WHERE resource_id = 'i2' AND project_id = 'p'`,
      ['row-missing: images i2 is in the log, but has no row'],
    ],
    [
      `UPDATE resource SET resource_id = 'i3' WHERE resource_id = 'i2' AND project_id = 'p'`,
      [
        'row-unexpected: images i3 has a row, but is not in the log',
        'row-missing: images i2 is in the log, but has no row',
      ],
    ],
    [
      `DELETE FROM change_log WHERE project_id = 'p' AND revision IN (7, 8)`,
      [
        'log-hole: the log goes from revision 6 to 9',
        'row-unexpected: images m3 has a row, but is not in the log',
        'row-unexpected: images m4 has a row, but is not in the log',
      ],
    ],
    [
      `UPDATE project_state SET revision = 1107 WHERE project_id = 'p'`,
      ['revision: the revision is 1107, and the last change in the log is 1106'],
    ],
    [
      `UPDATE project_state SET revision = 1105 WHERE project_id = 'p'`,
      ['row-missing: images m5 is in the log, but has no row'],
    ],
  ])('the difference is named after %s', async (statement, expected) => {
    await location.sql(statement)
    const { differences } = await checked()
    expect(differences.map(({ project, what, words }) => `${project} ${what}: ${words}`)).toEqual(
      expected.map((line) => `p ${line}`),
    )
    expect((await checked('q')).differences).toEqual([])
  })
})
