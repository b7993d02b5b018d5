import type { HistogramCounts } from '../core/histogram.ts'

export type Labels = Readonly<Record<string, string>>

/** How the values of several processes become one. */
export type Aggregation = 'sum' | 'min' | 'max'

/** What a metric measures. */
export type MetricDefinition = {
  /** In the form of Prometheus: the unit at the end, and after it `_total` for a counter. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly aggregation: Aggregation
}

/** One value of a metric. */
export type Sample = { readonly labels: Labels; readonly value: number | HistogramCounts }

/** A metric with its values at one moment. */
export type Metric = MetricDefinition & { readonly samples: readonly Sample[] }

/** A metric with one value, or with one per set of labels. */
export function metricOf(definition: MetricDefinition, value: Sample['value'] | readonly Sample[]): Metric {
  return { ...definition, samples: isSamples(value) ? value : [{ labels: {}, value }] }
}

/** Combines metrics of several processes: those of the same name become one. */
export function aggregate(sources: Iterable<readonly Metric[]>): readonly Metric[] {
  const byName = new Map<string, { readonly definition: Metric; readonly samples: Map<string, Sample> }>()
  for (const metrics of sources) {
    for (const metric of metrics) {
      const known = byName.get(metric.name) ?? { definition: metric, samples: new Map() }
      byName.set(metric.name, known)
      for (const sample of metric.samples) {
        // Every process writes the labels of a metric in the same order.
        const key = JSON.stringify(sample.labels)
        const other = known.samples.get(key)
        known.samples.set(key, other === undefined ? sample : combined(metric.aggregation, other, sample))
      }
    }
  }
  return Array.from(byName.values(), ({ definition, samples }) => ({ ...definition, samples: [...samples.values()] }))
}

/** The metrics that only grow: those of a process that has ended remain in the sums. */
export function growing(metrics: readonly Metric[]): readonly Metric[] {
  return metrics.filter(({ type }) => type !== 'gauge')
}

function combined(aggregation: Aggregation, a: Sample, b: Sample): Sample {
  if (typeof a.value === 'number' && typeof b.value === 'number') {
    return { labels: a.labels, value: aggregation === 'sum' ? a.value + b.value : Math[aggregation](a.value, b.value) }
  }
  const { bounds, cumulative, sum } = a.value as HistogramCounts
  const other = b.value as HistogramCounts
  const sums = cumulative.map((count, i) => count + (other.cumulative[i] as number))
  return { labels: a.labels, value: { bounds, cumulative: sums, sum: sum + other.sum } }
}

function isSamples(value: Sample['value'] | readonly Sample[]): value is readonly Sample[] {
  return Array.isArray(value)
}
