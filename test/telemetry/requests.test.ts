import { describe, expect, it } from 'vitest'
import { CommitMetrics } from '../../src/telemetry/commits.ts'
import { ProcessMetrics } from '../../src/telemetry/process.ts'
import { RequestMetrics } from '../../src/telemetry/requests.ts'

const ROUTE = { family: 'ims-v2', operation: 'ListTags', method: 'GET', path: '/tags' }
const LABELS = { family: 'ims-v2', operation: 'ListTags' }

function samplesOf(metrics: { read(): readonly { name: string; samples: readonly unknown[] }[] }, name: string) {
  return metrics.read().find((metric) => metric.name === name)?.samples
}

describe('the metrics of requests', () => {
  it('take the status and the time of the first answer only, as a handler may end after its timeout', () => {
    let nowMs = 0
    const metrics = new RequestMetrics(() => nowMs, undefined)
    const request = metrics.observer(ROUTE)({})
    nowMs = 1500
    request.end(503, 'p', 'timed-out')
    nowMs = 9000
    request.end(200, 'p')
    expect(samplesOf(metrics, 'tagwerk_requests_total')).toEqual([{ labels: { ...LABELS, status: '5xx' }, value: 1 }])
    expect(samplesOf(metrics, 'tagwerk_request_duration_seconds')).toMatchObject([
      { labels: LABELS, value: { sum: 1.5 } },
    ])
    expect(samplesOf(metrics, 'tagwerk_requests_in_flight')).toEqual([{ labels: {}, value: 0 }])
    expect(samplesOf(metrics, 'tagwerk_refusals_total')).toEqual([{ labels: { reason: 'timed-out' }, value: 1 }])
  })

  it('count a request whose client has gone as aborted, and one in flight until its end', () => {
    const metrics = new RequestMetrics(() => 0, undefined)
    const request = metrics.observer(ROUTE)({})
    expect(samplesOf(metrics, 'tagwerk_requests_total')).toEqual([])
    expect(samplesOf(metrics, 'tagwerk_requests_in_flight')).toEqual([{ labels: {}, value: 1 }])
    request.end(0, undefined, 'internal')
    expect(samplesOf(metrics, 'tagwerk_requests_total')).toEqual([
      { labels: { ...LABELS, status: 'aborted' }, value: 1 },
    ])
  })

  it('count errors other than 429 and 503 as requests only, not as refusals', () => {
    const metrics = new RequestMetrics(() => 0, undefined)
    metrics.observer(ROUTE)({}).end(404, 'p', 'resource-not-found')
    metrics.observer(ROUTE)({}).end(500, 'p', 'internal')
    metrics.observer(ROUTE)({}).end(429, 'p', 'throttled')
    metrics.unrouted(503)
    const reasons = ['throttled', 'stopping'].map((reason) => ({ labels: { reason }, value: 1 }))
    expect(samplesOf(metrics, 'tagwerk_refusals_total')).toEqual(reasons)
  })
})

describe('the metrics of commits', () => {
  it('count failed commits, and the time of commits and of waits for them', () => {
    let nowMs = 0
    const metrics = new CommitMetrics(() => nowMs, undefined)
    const endWait = metrics.waits(7)
    nowMs = 100
    const endCommit = metrics.commits(7)
    nowMs = 300
    endCommit(new Error('the disk is full'))
    endWait(new Error('unavailable'))
    metrics.commits(3)()
    expect(samplesOf(metrics, 'tagwerk_write_wait_seconds')).toMatchObject([{ value: { sum: 0.3 } }])
    expect(samplesOf(metrics, 'tagwerk_commit_duration_seconds')).toMatchObject([{ value: { sum: 0.2 } }])
    expect(samplesOf(metrics, 'tagwerk_commit_writes')).toMatchObject([{ value: { sum: 10 } }])
    expect(samplesOf(metrics, 'tagwerk_commit_failures_total')).toEqual([{ labels: {}, value: 1 }])
  })
})

describe('the metrics of a process', () => {
  it('show for how long the event loop was blocked', async () => {
    const nowMs = () => performance.now()
    const metrics = new ProcessMetrics({
      version: '1',
      clock: Date.now,
      nowMs,
      droppedLines: () => 5,
      measuresDelay: true,
    })
    const untilMs = nowMs() + 250
    while (nowMs() < untilMs);
    await new Promise((resolve) => setTimeout(resolve, 10))
    const [delay] = samplesOf(metrics, 'tagwerk_event_loop_delay_seconds') as { value: { sum: number } }[]
    metrics.close()
    expect(delay?.value.sum).toBeGreaterThan(0.15)
    expect(samplesOf(metrics, 'tagwerk_log_lines_dropped_total')).toEqual([{ labels: {}, value: 5 }])
  })
})
