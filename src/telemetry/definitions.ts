import type { MetricDefinition } from './metric.ts'

// Every metric of the service. docs/operate/metrics.md explains them. No label may have values that clients choose.

/** Every metric, by what it measures. */
export const METRICS = {
  build: gauge('tagwerk_build_info', 'Always 1, with the version of the program as a label.', 'max'),
  requests: counter('tagwerk_requests_total', 'Answered requests by operation and class of the status.'),
  requestSeconds: histogram(
    'tagwerk_request_duration_seconds',
    'Time from the start of the handler to the answer, for a streamed answer to its start.',
  ),
  requestsInFlight: gauge('tagwerk_requests_in_flight', 'Requests that are being handled.'),
  refusals: counter('tagwerk_refusals_total', 'Requests refused with 429 or 503, by the kind of limit or failure.'),
  connections: gauge('tagwerk_connections', 'Open client connections.'),
  connectionsDropped: counter(
    'tagwerk_connections_dropped_total',
    'Connections closed at once because --connections-max was reached.',
  ),
  writeWaitSeconds: histogram(
    'tagwerk_write_wait_seconds',
    'Time that a call waited for its writes, from the queue to the durable commit.',
  ),
  writeQueue: gauge('tagwerk_write_queue_length', 'Writes that wait for their commit or are being committed.'),
  writeQueueMax: gauge('tagwerk_write_queue_limit', 'Value of --write-queue-max.'),
  commitSeconds: histogram('tagwerk_commit_duration_seconds', 'Time of one commit of the store.'),
  commitWrites: histogram('tagwerk_commit_writes', 'Writes in one commit.'),
  commitFailures: counter('tagwerk_commit_failures_total', 'Commits that failed.'),
  indexes: gauge('tagwerk_indexes', 'Projects whose index is in memory.'),
  pastIndexes: gauge('tagwerk_past_indexes', 'Indexes in memory that stand at an earlier revision.'),
  indexBytes: gauge('tagwerk_index_bytes', 'Memory of all indexes.'),
  indexBytesMax: gauge('tagwerk_index_limit_bytes', 'Value of --index-memory-mib in bytes.'),
  indexLoads: counter('tagwerk_index_loads_total', 'Indexes loaded from a snapshot, a checkpoint or the store.'),
  indexEvictions: counter('tagwerk_index_evictions_total', 'Indexes evicted to make room for others.'),
  indexLag: histogram(
    'tagwerk_index_lag_revisions',
    'Revisions that an index was behind the store, counted when a read found it behind.',
  ),
  storeConnections: gauge('tagwerk_store_connections', 'Open connections to PostgreSQL, by use and state.'),
  storeWaiting: gauge('tagwerk_store_connections_waiting', 'Calls that wait for a connection to PostgreSQL.'),
  storeConnectionsMax: gauge('tagwerk_store_connections_limit', 'Limit on connections to PostgreSQL, by use.'),
  walBytes: gauge('tagwerk_store_wal_bytes', 'Size of the write-ahead log of SQLite.', 'max'),
  checkpoints: counter('tagwerk_store_checkpoints_total', 'Checkpoints of the write-ahead log of SQLite, by outcome.'),
  historyForgotten: counter('tagwerk_history_forgotten_changes_total', 'Changes older than --history-days allows.'),
  historyDeleted: counter(
    'tagwerk_history_deleted_rows_total',
    'Changes deleted from the change log, because they are forgotten and no state is needed of them.',
  ),
  historyHorizon: gauge(
    'tagwerk_history_horizon_time_seconds',
    'Time of the latest change that was forgotten in any project, in seconds since 1970 UTC; 0 for none.',
    'max',
  ),
  coverageDays: counter('tagwerk_coverage_days_total', 'Days of projects whose coverage was stored after midnight.'),
  coverageFailures: counter('tagwerk_coverage_failures_total', 'Attempts to store the coverage of a day that failed.'),
  logLinesDropped: counter('tagwerk_log_lines_dropped_total', 'Log lines dropped because their reader was too slow.'),
  workers: gauge('tagwerk_workers', 'Processes that serve requests.'),
  workerRestarts: counter('tagwerk_worker_restarts_total', 'Worker processes restarted after an unexpected exit.'),
  eventLoopDelay: histogram(
    'tagwerk_event_loop_delay_seconds',
    'How late a timer fired: the time for which other work blocked the event loop.',
  ),
  heapBytes: gauge('tagwerk_heap_used_bytes', 'Memory of JavaScript objects in use.'),
  cpuSeconds: counter('process_cpu_seconds_total', 'User and system time of all processes.'),
  residentBytes: gauge('process_resident_memory_bytes', 'Resident memory of all processes.'),
  startTime: gauge('process_start_time_seconds', 'Start of the first process, in seconds since 1970 UTC.', 'min'),
} as const

/** Upper bounds of times, in seconds. */
export const SECONDS_BOUNDS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
]

/** Upper bounds of numbers of writes or revisions. */
export const COUNT_BOUNDS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000]

function counter(name: string, help: string): MetricDefinition {
  return { name, help, type: 'counter', aggregation: 'sum' }
}

function gauge(name: string, help: string, aggregation: MetricDefinition['aggregation'] = 'sum'): MetricDefinition {
  return { name, help, type: 'gauge', aggregation }
}

function histogram(name: string, help: string): MetricDefinition {
  return { name, help, type: 'histogram', aggregation: 'sum' }
}
