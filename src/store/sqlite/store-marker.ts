import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from './durable-file.ts'
import type { StoreIdentity } from './store-identity.ts'

/** Returns the path of the marker in a data folder. */
export function markerFileIn(folder: string): string {
  return join(folder, 'tagwerk.marker')
}

/**
 * The content of a marker: the store that the folder holds, and how many transactions it had committed when the marker
 * was written. The marker lies outside the database, so it shows when the database is lost, replaced or behind.
 */
export type Marker = StoreIdentity | 'missing' | 'unreadable'

/** Reads the marker of a data folder. */
export function readMarker(folder: string): Marker {
  let text: string
  try {
    text = readFileSync(markerFileIn(folder), 'utf8')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable'
  }
  try {
    const { store, commits } = JSON.parse(text) as Record<string, unknown>
    return typeof store === 'string' && Number.isSafeInteger(commits)
      ? { storeId: store, commits: commits as number }
      : 'unreadable'
  } catch {
    return 'unreadable'
  }
}

/** Replaces the marker of a data folder. The commits that it counts must be durable. */
export function writeMarker(folder: string, { storeId, commits }: StoreIdentity): void {
  writeDurably(markerFileIn(folder), `${JSON.stringify({ store: storeId, commits })}\n`)
}
