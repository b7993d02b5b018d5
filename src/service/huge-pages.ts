import { readFile } from 'node:fs/promises'

const SETTING = '/sys/kernel/mm/transparent_hugepage/enabled'
const SMALL_BYTES = 64 * 2 ** 20

/**
 * Advice for the operator of a store of this size if transparent huge pages are not enabled; undefined if they are, if the
 * system has no such setting, and for a small store, whose indexes fit into the caches of the processor. Queries read an index in random order, so with small pages most of their time is spent on TLB misses.
 */
export async function hugePagesAdvice(storeBytes: number, file = SETTING): Promise<string | undefined> {
  if (storeBytes < SMALL_BYTES) return undefined
  const text = await readFile(file, 'utf8').catch(() => '')
  const selected = /\[(\w+)\]/.exec(text)?.[1]
  if (selected === undefined || selected === 'always') return undefined
  return (
    `transparent huge pages are not in use (${file} is "${selected}"): for faster queries over large projects run ` +
    `"echo always > ${file}" as root and restart the service`
  )
}
