import { readFile } from 'node:fs/promises'

const SETTING = '/sys/kernel/mm/transparent_hugepage/enabled'

/**
 * Says what an operator can gain by letting the system use huge pages of memory; undefined where they are used, or where the
 * system knows none. An index is large and read all over, so that without them the processor looks up addresses most of the time.
 */
export async function hugePagesAdvice(file = SETTING): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const chosen = /\[(\w+)\]/.exec(text)?.[1]
  if (chosen === undefined || chosen === 'always') return undefined
  return (
    `huge pages of memory are not used (${file} is "${chosen}"): queries over large projects are up to several times faster ` +
    `after "echo always > ${file}" as root and a restart`
  )
}
