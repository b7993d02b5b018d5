import { Registry } from '@prometheus-io/client'
import type { HistogramCounts } from '../core/histogram.ts'
import type { Labels, Metric, Sample } from './metric.ts'

/** The text of metrics in a format. */
export type Exposition = { readonly contentType: string; readonly text: string }

/** A value as the library takes it. */
type Value = { readonly labels: Labels; readonly value: number; readonly metricName?: string }

/**
 * Renders metrics in the OpenMetrics format, or in the older format of Prometheus for a scraper whose `Accept` names only
 * `text/plain`.
 */
export async function renderMetrics(metrics: readonly Metric[], accept: string): Promise<Exposition> {
  const isOpenMetrics = !/^\s*text\/plain\b/i.test(accept) || /application\/openmetrics-text/i.test(accept)
  const registry = new Registry(isOpenMetrics ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE)
  for (const { name, help, type, samples } of metrics) {
    // The library adds the suffix of a counter itself, in the OpenMetrics format only.
    const shownName = isOpenMetrics ? name.replace(/_total$/, '') : name
    const values = samples.flatMap((sample) => valuesOf(name, sample))
    const rendered = { name: shownName, help, type, values, aggregator: 'omit' }
    // The registry calls only `get`; the library's own metrics would count every value a second time.
    registry.registerMetric({ ...rendered, get: async () => rendered } as never)
  }
  return { contentType: registry.contentType, text: await registry.metrics() }
}

function valuesOf(name: string, { labels, value }: Sample): readonly Value[] {
  return typeof value === 'number' ? [{ labels, value }] : histogramValues(name, labels, value)
}

function histogramValues(name: string, labels: Labels, { bounds, cumulative, sum }: HistogramCounts): Value[] {
  const count = cumulative[bounds.length] as number
  return [
    ...cumulative.map((value, i) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: boundText(bounds[i]) },
      value,
    })),
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ]
}

/** A bound in the canonical form of OpenMetrics, which has a decimal point. */
function boundText(bound: number | undefined): string {
  if (bound === undefined) return '+Inf'
  return Number.isInteger(bound) ? `${bound}.0` : String(bound)
}
