import type { Command } from 'commander'
import { askYes } from '../ask-yes.ts'
import { UsageError } from '../command.ts'
import type { Io } from '../io.ts'

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
  if (await askYes(io, `Delete ${what}? It cannot be undone.`)) return
  throw new UsageError(`cancelled, ${what} is not deleted`)
}
