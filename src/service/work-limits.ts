import { stat } from 'node:fs/promises'
import { WorkLimit, type WorkLimitsByKind } from '../api/tagwerk-v1/work-limit.ts'
import type { Config } from '../config/config.ts'
import type { ProjectLimitReader } from '../iam/project-limits.ts'
import type { ProjectLimits } from '../store/account-records.ts'
import { writeAheadLogIn } from '../store/open.ts'

const BYTES_PER_MIB = 2 ** 20
/** Interval between two looks at the size of the write-ahead log. */
const LOG_WATCH_MS = 2000
/** Growth after which another export is ended. Until then the end of the last one may still let the log shrink. */
const LOG_GROWTH_BYTES = 64 * BYTES_PER_MIB

/** The limits of work under way, from the configuration. */
export function workLimitsOf(config: Config, limits?: Pick<ProjectLimitReader, 'of'>): WorkLimitsByKind {
  const { store, exportsMax, importsMax, dryRunsMax } = config
  // Index loads use the same connections as exports, and must not wait for a slow reader.
  const total = store.engine === 'sqlite' ? exportsMax : Math.min(exportsMax, exportConnections(store.connectionsMax))
  const ofProject = (limit: 'exportsMax' | 'importsMax' | 'dryRunsMax') =>
    limits && (async (id: string) => (await limits.of(id))[limit])
  return {
    exports: new WorkLimit('exports', { total, perProject: config.projectExportsMax }, ofProject('exportsMax')),
    imports: new WorkLimit(
      'imports',
      { total: importsMax, perProject: config.projectImportsMax },
      ofProject('importsMax'),
    ),
    // Each has an index in memory that does not count for --index-memory-mib.
    backfills: new WorkLimit('back-fills of coverage', { total: 1, perProject: 1 }),
    rehearsals: new WorkLimit('rehearsals of policies', { total: 2, perProject: 1 }),
    dryRuns: new WorkLimit(
      'dry runs',
      { total: dryRunsMax, perProject: config.projectDryRunsMax },
      ofProject('dryRunsMax'),
    ),
  }
}

/** The limits of a project that has none of its own. */
export function defaultLimitsOf(config: Config): Required<ProjectLimits> {
  return {
    resourcesMax: config.projectResourcesMax,
    detailBytesMax: config.projectDetailMibMax * BYTES_PER_MIB,
    requestsPerSecondMax: config.projectRequestsPerSecondMax,
    requestsInFlightMax: config.projectRequestsInFlightMax,
    importsMax: config.projectImportsMax,
    exportsMax: config.projectExportsMax,
    dryRunsMax: config.projectDryRunsMax,
    historyDays: config.historyDays,
  }
}

/** A quarter of the connections is for index loading and exports; see `PostgresPool`. */
function exportConnections(connectionsMax: number): number {
  return Math.max(1, Math.floor(connectionsMax / 4) - 1)
}

/**
 * Ends the oldest export when the write-ahead log of a data folder is too large: the log cannot be emptied beyond what an
 * export reads. Gives the function that ends the watch.
 */
export function watchLogSize(config: Config, exports: WorkLimit, intervalMs = LOG_WATCH_MS): () => void {
  const { store, writeAheadLogMibMax } = config
  if (store.engine !== 'sqlite') return () => undefined
  const file = writeAheadLogIn(store.folder)
  let endedAtBytes = 0
  const watch = async () => {
    const bytes = (await stat(file).catch(() => undefined))?.size ?? 0
    if (bytes < writeAheadLogMibMax * BYTES_PER_MIB) endedAtBytes = 0
    else if (endedAtBytes === 0 || bytes > endedAtBytes + LOG_GROWTH_BYTES) {
      const reason = `the write-ahead log has ${Math.round(bytes / BYTES_PER_MIB)} MiB, more than ${writeAheadLogMibMax}`
      if (exports.abortOldest(reason)) endedAtBytes = bytes
    }
  }
  const timer = setInterval(() => void watch(), intervalMs)
  timer.unref()
  return () => clearInterval(timer)
}
