import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Replaces a file, readable by its owner only, so that it has its old or its new content after any failure. */
export function writeDurably(file: string, content: string): void {
  const draft = `${file}.new`
  writeFileSync(draft, content, { mode: 0o600 })
  renameDurably(draft, file)
}

/** Syncs a file, gives it another name in the same folder, and syncs the folder. */
export function renameDurably(from: string, to: string): void {
  sync(from)
  renameSync(from, to)
  sync(dirname(to))
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
