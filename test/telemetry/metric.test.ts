import { describe, expect, it } from 'vitest'
import { Histogram } from '../../src/core/histogram.ts'
import { aggregate, growing, type MetricDefinition, metricOf } from '../../src/telemetry/metric.ts'

const definition = (name: string, type: MetricDefinition['type'], aggregation: MetricDefinition['aggregation']) => ({
  name,
  type,
  aggregation,
  help: name,
})
const REQUESTS = definition('requests_total', 'counter', 'sum')
const SECONDS = definition('duration_seconds', 'histogram', 'sum')
const START = definition('start_seconds', 'gauge', 'min')
const BYTES = definition('file_bytes', 'gauge', 'max')

function seconds(...values: readonly number[]) {
  const histogram = new Histogram([1, 10])
  for (const value of values) histogram.add(value)
  return histogram.read()
}

describe('the aggregation of metrics of several processes', () => {
  it('adds counters by their labels, and keeps labels that only one process has', () => {
    const at = (operation: string, value: number) => ({ labels: { operation }, value })
    const sum = aggregate([
      [metricOf(REQUESTS, [at('a', 1), at('b', 2)])],
      [metricOf(REQUESTS, [at('b', 3), at('c', 4)])],
      [metricOf(REQUESTS, [])],
    ])
    expect(sum).toEqual([metricOf(REQUESTS, [at('a', 1), at('b', 5), at('c', 4)])])
  })

  it('adds histograms bucket by bucket', () => {
    const sum = aggregate([[metricOf(SECONDS, seconds(0.5, 20))], [metricOf(SECONDS, seconds(0.5, 5))]])
    expect(sum).toEqual([metricOf(SECONDS, seconds(0.5, 20, 0.5, 5))])
  })

  it('takes the least or the greatest value of a gauge that is not a sum', () => {
    const of = (start: number, bytes: number) => [metricOf(START, start), metricOf(BYTES, bytes)]
    expect(aggregate([of(20, 7), of(10, 3)])).toEqual(of(10, 7))
  })

  it('leaves out gauges where only growing metrics are wanted', () => {
    const metrics = [metricOf(REQUESTS, 1), metricOf(BYTES, 2), metricOf(SECONDS, seconds(1))]
    expect(growing(metrics)).toEqual([metrics[0], metrics[2]])
  })
})
