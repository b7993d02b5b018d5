import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { image } from '../api/fixtures.ts'
import { startTestService, type TestService } from '../support/service.ts'

// A service with --history-days, and one project that keeps its history for another time.

const DAY_MS = 86_400_000
const START = Date.UTC(2026, 0, 1)

const horizonOf = async (service: TestService, project = service.project, token = service.token): Promise<number> =>
  (await service.call('GET', `/tagwerk/v1/${project}/changes?limit=1`, { token })).body.horizon

it('a service forgets what is older than it keeps, answers 410 from before, and honours the limit of a project', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-forgotten-'))
  let nowMs = START
  const internals = { clock: () => nowMs }
  let service = await startTestService({ folder, internals })
  try {
    await service.register(image('a', 'env=dev'), { ...image('b'), project: 'kept' }, image('gone'))
    await service.register(image('a', 'env=prod'), { ...image('b', 'env=x'), project: 'kept' })
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/gone`)
    await service.register(image('a', 'env=prod', 'team=web'))
    const domain = await service.tokenFor(undefined)
    const kept = (await service.call('GET', '/v3/projects?name=kept', { token: domain })).body.projects[0].id
    const limits = await service.call('PUT', `/tagwerk/v1/projects/${kept}/limits`, {
      token: domain,
      body: { history_days: 0 },
    })
    expect(limits.body).toMatchObject({ limits: { history_days: 0 }, own: { history_days: 0 } })
    await service.stop()

    nowMs += 10 * DAY_MS
    service = await startTestService({ folder, internals, flags: { 'history-days': '5' } })
    await expect.poll(() => horizonOf(service)).toBe(4)
    const path = `/tagwerk/v1/${service.project}`
    const { changes } = (await service.call('GET', `${path}/changes`)).body
    expect(changes).toMatchObject([{ revision: 5, tags_added: [{ key: 'team', value: 'web' }] }])
    for (const query of ['changes?before=4', 'changes?after=3', 'diff?from=3', 'diff?from=2026-01-01T00:00:00Z']) {
      const { status, body } = await service.call('GET', `${path}/${query}`)
      const isTime = query.includes('from=2026')
      // The time is that of the horizon, whose state is kept.
      if (isTime) expect(status).toBe(200)
      else expect([status, body]).toMatchObject([410, { error_code: 'revision-gone', horizon: 4 }])
    }
    const earlier = await service.call('GET', `${path}/diff?from=2025-12-31T00:00:00Z`)
    expect([earlier.status, earlier.body.horizon]).toEqual([410, 4])
    const { tags } = (await service.call('GET', `${path}/resources/images/a?blame=true`)).body
    expect(tags).toEqual([
      { key: 'env', value: 'prod', set_at: null, at_or_before: 3 },
      expect.objectContaining({ key: 'team', revision: 5 }),
    ])
    const never = await service.call('GET', `${path}/resources/images/gone/history`)
    expect([never.status, never.body.error_code]).toEqual([404, 'resource-not-found'])
    const life = (await service.call('GET', `${path}/resources/images/a/history`)).body
    expect([life.changes.length, life.horizon, life.next]).toEqual([1, 4, undefined])
    const token = await service.tokenFor('kept')
    expect(await horizonOf(service, kept, token)).toBe(0)
    const present = await service.call('GET', `${path}/resources/images/a`)
    expect(present.body.tags).toHaveLength(2)
  } finally {
    await service.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
