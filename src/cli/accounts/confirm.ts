import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { UsageError } from '../command.ts'
import { type Io, write } from '../io.ts'

export type ConfirmOption = { readonly yes?: true }

/** Declares the option that confirms a deletion. */
export function confirmOption(command: Command): Command {
  return command.option('--yes', 'delete without a question')
}

/**
 * Asks on a terminal whether to delete something. Throws a UsageError unless the answer is yes, and without a terminal
 * unless --yes is given.
 */
export async function confirmDeletion(io: Io, what: string, { yes }: ConfirmOption): Promise<void> {
  if (yes) return
  if (io.stdin.isTTY !== true) throw new UsageError(`nothing is deleted: add --yes to delete ${what}`)
  await write(io.stderr, `Delete ${what}? It cannot be undone. Type yes: `)
  const lines = createInterface({ input: io.stdin })
  try {
    const answer = await lines[Symbol.asyncIterator]().next()
    if (!answer.done && /^y(es)?$/i.test(answer.value.trim())) return
    throw new UsageError(`cancelled, ${what} is not deleted`)
  } finally {
    lines.close()
  }
}
