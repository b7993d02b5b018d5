import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CheckedProject, checkProject } from '../../src/store/check-log.ts'
import { openReadOnlyStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { forgetHistory } from '../conformance/forget-history.ts'
import { ofProject, openLocation, TEST_LOCATIONS, type TestLocation } from '../conformance/locations.ts'
import { register, remove, setTags } from '../conformance/requests.ts'

const P = ofProject('p')

describe.each(TEST_LOCATIONS)('checking a project in %s', (_engine, makeLocation) => {
  let location: TestLocation
  let store: Store
  beforeAll(async () => {
    location = await makeLocation()
    store = await openLocation(location)
  })
  beforeEach(async () => {
    await location.empty()
    const many = Array.from({ length: 1100 }, (_, i) => register(`m${i}`))
    await store.commit('p', [register('i1', 'a=1'), register('i2', 'b=\0'), setTags('i1', 'c=3'), ...many])
    await store.commit('p', [remove('i2'), register('i2', 'again='), remove('m5')])
    await store.commit('q', [register('i1')])
  })
  afterAll(async () => {
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
      ...store,
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

  it.each([1, 2, 7, 1104, 1105, 1106])(
    'a log that was forgotten up to revision %d agrees with the rows, also after later changes',
    async (horizon) => {
      await forgetHistory(location, 'p', horizon)
      expect(await checked()).toEqual({ revision: 1106, resources: 1101, differences: [] })
      await store.commit('p', [register('m5'), remove('i2'), register('i2'), setTags('i1', 'd=4')])
      expect(await checked()).toEqual({ revision: 1110, resources: 1102, differences: [] })
    },
  )

  it('a hole above the horizon and a wrong state at it are named', async () => {
    await forgetHistory(location, 'p', 10)
    await location.sql(`DELETE FROM change_log WHERE ${P} AND revision IN (8, 11, 12)`)
    expect((await checked()).differences.map(({ what, words }) => `${what}: ${words}`)).toEqual([
      'log-hole: the log goes from revision 10 to 13',
      ...['m4', 'm7', 'm8'].map((id) => expect.stringContaining(`row-damaged: the row of images ${id} is damaged`)),
    ])
  })

  it('a resource that is deleted, forgotten or made again meanwhile has lost no history', async () => {
    const during = async (change: () => Promise<unknown>) => {
      let isDone = false
      const reader = {
        ...store,
        changesOf: async (...args: Parameters<Store['changesOf']>) => {
          if (!isDone) await change()
          isDone = true
          return store.changesOf(...args)
        },
      }
      expect((await checkProject(reader, 'p')).differences).toEqual([])
      expect(isDone).toBe(true)
    }
    await during(() => store.commit('p', [register('m5'), remove('m5')]))
    await during(() => store.commit('p', [register('m5')]))
    await store.commit('p', [remove('m6')])
    await during(() => forgetHistory(location, 'p', 1110))
  })

  it('a damaged change after a deletion is named as damaged, and not as lost history', async () => {
    await store.commit('p', [register('m5', 'x=1')])
    await location.sql(`UPDATE change_log SET tags = 'x' WHERE revision = 1107 AND ${P}`)
    const { differences } = await checked()
    expect(differences.map(({ what }) => what)).toEqual(['log-damaged', 'row-damaged'])
  })

  it('a check begins again when the history is forgotten meanwhile', async () => {
    let scans = 0
    const reader = {
      ...store,
      scan: async (...args: Parameters<Store['scan']>) => {
        if (scans++ === 0) {
          await store.commit('p', [setTags('i1', 'between=1'), setTags('i1', 'between=2')])
          await forgetHistory(location, 'p', 1108)
        }
        return store.scan(...args)
      },
    }
    expect(await checkProject(reader, 'p')).toEqual({ revision: 1108, resources: 1101, differences: [] })
    expect(scans).toBe(2)
  })

  it.each([
    [
      `UPDATE resource SET sequence = 5000 WHERE resource_id = 'i1' AND ${P}`,
      ['row-differs: images i1 differs from its state in the log'],
    ],
    [
      `UPDATE change_log SET created_at_ms = 7 WHERE revision = 3 AND ${P}`,
      ['row-differs: images i1 differs from its state in the log'],
    ],
    [
      `UPDATE resource SET revision = 1 WHERE resource_id = 'i1' AND ${P}`,
      ['row-differs: images i1 differs from its state in the log'],
    ],
    [
      `UPDATE resource SET revision = 2 WHERE resource_id = 'i1' AND ${P}`,
      ['row-damaged: the row of images i1 is damaged: change 2 of the log is not the last one of the resource'],
    ],
    [
      `UPDATE resource SET revision = 1103 WHERE resource_id = 'i2' AND ${P}`,
      ['row-damaged: the row of images i2 is damaged: change 1103 of the log is not the last one of the resource'],
    ],
    [
      `DELETE FROM change_log WHERE ${P} AND revision = 3`,
      [
        'log-hole: the log goes from revision 2 to 4',
        'row-damaged: the row of images i1 is damaged: change 3 of the log is not the last one of the resource',
      ],
    ],
    [
      `UPDATE change_log SET prior_revision = NULL WHERE revision = 3 AND ${P}`,
      ['log-pointer: change 3 of images i1 names none as the change before it, and the log has 1'],
    ],
    [
      `UPDATE change_log SET prior_revision = 2 WHERE revision = 1105 AND ${P}`,
      ['log-pointer: change 1105 of images i2 names 2 as the change before it, and the log has 1104'],
    ],
    [
      `UPDATE change_log SET prior_revision = 4 WHERE revision = 5 AND ${P}`,
      ['log-pointer: change 5 of images m1 names 4 as the change before it, and the log has none'],
    ],
    [
      `DELETE FROM former_resource WHERE resource_id = 'm5' AND ${P}`,
      ['log-lost: images m5 was deleted by change 1106, which its history does not find'],
    ],
    [
      `UPDATE former_resource SET revision = 3 WHERE resource_id = 'm5' AND ${P}`,
      ['log-lost: images m5 was deleted by change 1106, which its history does not find'],
    ],
    [
      `DELETE FROM resource WHERE resource_id = 'i2' AND ${P}`,
      ['row-missing: images i2 is in the log, but has no row'],
    ],
    [
      `UPDATE resource SET resource_id = 'i3' WHERE resource_id = 'i2' AND ${P}`,
      [
        'row-damaged: the row of images i3 is damaged: change 1105 of the log is not the last one of the resource',
        'row-missing: images i2 is in the log, but has no row',
      ],
    ],
    [
      `DELETE FROM change_log WHERE ${P} AND revision IN (7, 8)`,
      [
        'log-hole: the log goes from revision 6 to 9',
        'row-damaged: the row of images m3 is damaged: change 7 of the log is not the last one of the resource',
        'row-damaged: the row of images m4 is damaged: change 8 of the log is not the last one of the resource',
      ],
    ],
    [
      `UPDATE project_state SET revision = 1107 WHERE project_id = 'p'`,
      ['revision: the revision is 1107, and the last change in the log is 1106'],
    ],
    [
      // A project's own revision is a lower bound.
      `UPDATE project_state SET revision = 1105 WHERE project_id = 'p'`,
      [],
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
