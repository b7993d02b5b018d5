import { expect, it } from 'vitest'
import { ProjectLimitReader } from '../../src/iam/project-limits.ts'
import { newProject } from '../../src/iam/projects.ts'
import type { ProjectLimits } from '../../src/store/account-records.ts'

const DEFAULTS = {
  resourcesMax: 9,
  detailBytesMax: 99,
  requestsPerSecondMax: 0,
  requestsInFlightMax: 256,
  importsMax: 1,
  exportsMax: 2,
  dryRunsMax: 3,
  historyDays: 0,
}

it('limits of a project take the place of the defaults, are read once a second, and at once when they are forgotten', async () => {
  let nowMs = 0
  let limits: ProjectLimits = {}
  let reads = 0
  const getProject = async () => {
    reads++
    return { ...newProject('d', 'p'), limits }
  }
  const reader = new ProjectLimitReader({ getProject }, DEFAULTS, () => nowMs)
  const first = await reader.of('p')
  expect(first).toMatchObject({ ...DEFAULTS, quota: { resourcesMax: 9, detailBytesMax: 99 } })
  limits = { resourcesMax: 5 }
  nowMs = 999
  expect([await reader.of('p'), reads]).toEqual([first, 1])
  nowMs = 1000
  const second = await reader.of('p')
  expect(second).toMatchObject({ resourcesMax: 5, exportsMax: 2, quota: { resourcesMax: 5, detailBytesMax: 99 } })
  nowMs = 2000
  expect(await reader.of('p')).toBe(second)
  limits = {}
  reader.forget('p')
  expect(await reader.of('p')).toEqual(first)
})
