import { afterEach, expect, it, vi } from 'vitest'
import { WorkerMetrics } from '../../src/service/worker-metrics.ts'
import { METRICS } from '../../src/telemetry/definitions.ts'
import { metricOf } from '../../src/telemetry/metric.ts'

afterEach(() => vi.useRealTimers())

const of = (requests: number, connections: number) => [
  metricOf(METRICS.requests, requests),
  metricOf(METRICS.connections, connections),
]

it('metrics of a worker that exits keep counting with its successor, and its gauges end', async () => {
  const metrics = new WorkerMetrics()
  const first = metrics.read(() => undefined)
  metrics.received(of(100, 5))
  expect(await first).toEqual(of(100, 5))
  metrics.workerExited()
  expect(metrics.known).toEqual([metricOf(METRICS.requests, 100)])
  const second = metrics.read(() => metrics.received(of(3, 1)))
  expect(await second).toEqual(of(103, 1))
  metrics.workerExited()
  expect(await metrics.read(() => metrics.received(of(4, 2)))).toEqual(of(107, 2))
})

it('readings at the same time ask the worker once', async () => {
  const metrics = new WorkerMetrics()
  const send = vi.fn()
  const readings = [metrics.read(send), metrics.read(send)]
  metrics.received(of(1, 1))
  expect(await Promise.all(readings)).toEqual([of(1, 1), of(1, 1)])
  expect(send).toHaveBeenCalledTimes(1)
})

it('a worker that does not answer in time is shown with its last metrics', async () => {
  vi.useFakeTimers()
  const metrics = new WorkerMetrics()
  metrics.received(of(7, 2))
  const reading = metrics.read(() => undefined)
  await vi.advanceTimersByTimeAsync(2000)
  expect(await reading).toEqual(of(7, 2))
})

it('a worker that exits during a reading ends it', async () => {
  const metrics = new WorkerMetrics()
  metrics.received(of(7, 2))
  const reading = metrics.read(() => metrics.workerExited())
  expect(await reading).toEqual([metricOf(METRICS.requests, 7)])
})
