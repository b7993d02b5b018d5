import type { Catalog } from '../catalog/catalog.ts'
import type { Config } from '../config/config.ts'
import type { Clock, MonotonicClock } from '../core/clock.ts'
import type { Store } from '../store/store.ts'
import { CommitMetrics } from '../telemetry/commits.ts'
import { METRICS } from '../telemetry/definitions.ts'
import { type Metric, metricOf } from '../telemetry/metric.ts'
import { ProcessMetrics } from '../telemetry/process.ts'
import { RequestMetrics } from '../telemetry/requests.ts'
import { Tracing } from '../telemetry/tracing.ts'
import type { CoverageCounts, DailyCoverage } from './daily-coverage.ts'
import type { HistoryRetention, RetentionCounts } from './history-retention.ts'

const BYTES_PER_MIB = 2 ** 20

/** What is measured only when the metrics are read. */
type Measured = {
  readonly catalog: Catalog
  readonly store: Store
  readonly retention: Pick<HistoryRetention, 'counts'>
  readonly daily: Pick<DailyCoverage, 'counts'>
  readonly connections: number
}

/** All metrics of a process that serves requests. */
export class ServerMetrics {
  readonly requests: RequestMetrics
  readonly commits: CommitMetrics
  readonly #process: ProcessMetrics
  readonly #config: Config
  #connectionsDropped = 0

  constructor(
    config: Config,
    dependencies: {
      readonly clock: Clock
      readonly monotonicClock: MonotonicClock
      readonly droppedLines: () => number
    },
  ) {
    const { clock, monotonicClock: nowMs, droppedLines } = dependencies
    const { version } = config
    const tracing = Tracing.open(version)
    this.#config = config
    this.requests = new RequestMetrics(nowMs, tracing)
    this.commits = new CommitMetrics(nowMs, tracing)
    const measuresDelay = config.metricsListen !== undefined
    this.#process = new ProcessMetrics({ version, clock, nowMs, droppedLines, measuresDelay })
  }

  /** Counts a connection that was closed because there were too many. */
  connectionDropped(): void {
    this.#connectionsDropped++
  }

  /** Gives all metrics of this process. */
  read({ catalog, store, retention, daily, connections }: Measured): readonly Metric[] {
    return [
      ...this.requests.read(),
      metricOf(METRICS.connections, connections),
      metricOf(METRICS.connectionsDropped, this.#connectionsDropped),
      ...this.commits.read(),
      ...this.#catalogMetrics(catalog),
      ...storeMetrics(store),
      ...retentionMetrics(retention.counts),
      ...coverageMetrics(daily.counts),
      ...this.#process.read(),
    ]
  }

  /** Stops the measurement of the event loop. */
  close(): void {
    this.#process.close()
  }

  #catalogMetrics({ queuedWrites, indexes }: Catalog): readonly Metric[] {
    const { writeQueueMax, indexMemoryMib } = this.#config
    return [
      metricOf(METRICS.writeQueue, queuedWrites),
      metricOf(METRICS.writeQueueMax, writeQueueMax),
      metricOf(METRICS.indexes, indexes.stats.projects),
      metricOf(METRICS.pastIndexes, indexes.stats.past),
      metricOf(METRICS.indexBytes, indexes.stats.bytes),
      metricOf(METRICS.indexBytesMax, indexMemoryMib * BYTES_PER_MIB),
      metricOf(METRICS.indexLoads, indexes.stats.loads),
      metricOf(METRICS.indexEvictions, indexes.stats.evictions),
      metricOf(METRICS.indexLag, indexes.lag),
    ]
  }
}

function retentionMetrics({ forgotten, deleted, horizonAtMs }: RetentionCounts): readonly Metric[] {
  return [
    metricOf(METRICS.historyForgotten, forgotten),
    metricOf(METRICS.historyDeleted, deleted),
    metricOf(METRICS.historyHorizon, horizonAtMs / 1000),
  ]
}

function coverageMetrics({ days, failures }: CoverageCounts): readonly Metric[] {
  return [metricOf(METRICS.coverageDays, days), metricOf(METRICS.coverageFailures, failures)]
}

/** Gives the metrics of a store. */
export function storeMetrics(store: Store): readonly Metric[] {
  const { connections, walBytes, checkpoints } = store.statistics()
  const states = connections.flatMap(({ use, inUse, idle }) => [
    { labels: { use, state: 'in-use' }, value: inUse },
    { labels: { use, state: 'idle' }, value: idle },
  ])
  return [
    metricOf(METRICS.storeConnections, states),
    metricOf(
      METRICS.storeWaiting,
      connections.map(({ use, waiting }) => ({ labels: { use }, value: waiting })),
    ),
    metricOf(
      METRICS.storeConnectionsMax,
      connections.map(({ use, limit }) => ({ labels: { use }, value: limit })),
    ),
    metricOf(METRICS.walBytes, walBytes === undefined ? [] : [{ labels: {}, value: walBytes }]),
    metricOf(
      METRICS.checkpoints,
      Object.entries<number>(checkpoints ?? {}).map(([outcome, value]) => ({ labels: { outcome }, value })),
    ),
  ]
}
