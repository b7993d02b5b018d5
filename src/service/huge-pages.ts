import { readFile } from 'node:fs/promises'

const SETTING = '/sys/kernel/mm/transparent_hugepage/enabled'

/**
 * Advice for the operator if transparent huge pages are not enabled; undefined if they are, or if the system has no such
 * setting. Queries read an index in random order, so with small pages most of their time is spent on TLB misses.
 */
export async function hugePagesAdvice(file = SETTING): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const selected = /\[(\w+)\]/.exec(text)?.[1]
  if (selected === undefined || selected === 'always') return undefined
  return (
    `transparent huge pages are not in use (${file} is "${selected}"): for faster queries over large projects run ` +
    `"echo always > ${file}" as root and restart the service`
  )
}
