import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { STORE_FILES } from './data-folder.ts'
import type { StoreIdentity } from './store-identity.ts'
import { markerFileIn, writeMarker } from './store-marker.ts'

/**
 * Moves everything that belongs to the store of a data folder into a new subfolder, and returns its path; undefined when
 * there is nothing to move. The caller has locked the folder. `next` is the store that will take its place, if it exists already: its marker is written before
 * anything is moved, so that no start takes an interrupted replacement for an empty folder.
 */
export function setStoreAside(folder: string, next?: StoreIdentity): string | undefined {
  if (!STORE_FILES.some((name) => existsSync(join(folder, name)))) return undefined
  let number = 1
  while (existsSync(asideFolder(folder, number))) number++
  const aside = asideFolder(folder, number)
  mkdirSync(aside, { mode: 0o700 })
  const marker = markerFileIn(folder)
  if (next !== undefined) {
    if (existsSync(marker)) copyFileSync(marker, markerFileIn(aside))
    writeMarker(folder, next)
  }
  for (const name of STORE_FILES) {
    const file = join(folder, name)
    const stays = next !== undefined && file === marker
    if (!stays && existsSync(file)) renameSync(file, join(aside, name))
  }
  return aside
}

function asideFolder(folder: string, number: number): string {
  return join(folder, `replaced-${number}`)
}
