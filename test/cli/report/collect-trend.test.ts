import { expect, it } from 'vitest'
import { collectTrend } from '../../../src/cli/report/collect-trend.ts'
import { fakeClient } from './fake-client.ts'

const NOW_MS = Date.UTC(2026, 2, 9)

it('the trend has the weeks that the service has stored, with the keys that were counted', async () => {
  const point = { day: '2026-03-01', revision: 4, resources: 10, tagged: 8, keys: [{ key: 'env', tagged: 5 }] }
  const { client, requests } = fakeClient({ coverage: { points: [point] } })
  expect(await collectTrend(client, ['env', 'owner'], NOW_MS)).toEqual([
    { day: '2026-03-01', resources: 10, tagged: 8, keys: { env: 5 } },
  ])
  expect(requests[0]?.query).toEqual({ from: '2025-09-08', interval: 'week', keys: ['env', 'owner'] })
})

it('the trend is empty for a project without keys, and for a service that does not store it', async () => {
  const { client, requests } = fakeClient({ coverage: {} })
  expect(await collectTrend(client, [], NOW_MS)).toEqual([])
  expect(requests[0]?.query).not.toHaveProperty('keys')
  expect(await collectTrend(fakeClient({ coverage: 'route-not-found' }).client, [], NOW_MS)).toEqual([])
})
