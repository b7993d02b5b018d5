import { readdirSync, readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'

/** Files that this process may open (`ulimit -n`), and those it has open. */
export type FileLimit = { readonly max: number; readonly open: number }

/** Files that the process opens besides connections: databases of exports and index loads, snapshots, markers. */
const RESERVED = 64

/** Reads the limit of this process; undefined on a system that does not show it as Linux does, or without a limit. */
export function readFileLimit(processFolder = '/proc/self'): FileLimit | undefined {
  try {
    const [, max] = /^Max open files\s+(\d+)/m.exec(readFileSync(`${processFolder}/limits`, 'utf8')) ?? []
    return max === undefined ? undefined : { max: Number(max), open: readdirSync(`${processFolder}/fd`).length }
  } catch {
    return undefined
  }
}

/**
 * Returns how many of the wanted connections fit into the limit. Without a free file the process could not open its
 * databases, so connections get at most what is left by `others` and a reserve, or half of what is free if that is more.
 */
export function connectionsThatFit(wanted: number, limit: FileLimit | undefined, others: number): number {
  if (limit === undefined) return wanted
  const free = limit.max - limit.open
  return Math.max(1, Math.min(wanted, Math.max(free - others - RESERVED, Math.floor(free / 2))))
}

/** Returns how many connections this process accepts: as configured, unless it may not open as many files. */
export function connectionsWithinLimit({ connectionsMax, store }: Config, log: Logger): number {
  const limit = readFileLimit()
  const connections = connectionsThatFit(connectionsMax, limit, store.engine === 'postgres' ? store.connectionsMax : 0)
  if (limit !== undefined && connections < connectionsMax) {
    log.warn(
      `this process accepts ${connections} connections instead of ${connectionsMax} (--connections-max), because it may open ` +
        `${limit.max} files: raise the limit with "ulimit -n", or LimitNOFILE of systemd`,
    )
  }
  return connections
}
