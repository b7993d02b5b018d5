import { createInterface } from 'node:readline'
import { type Io, write } from './io.ts'

/** Asks a question on a terminal. Says whether the answer is yes. */
export async function askYes(io: Io, question: string): Promise<boolean> {
  await write(io.stderr, `${question} Type yes: `)
  const lines = createInterface({ input: io.stdin })
  try {
    const answer = await lines[Symbol.asyncIterator]().next()
    return !answer.done && /^y(es)?$/i.test(answer.value.trim())
  } finally {
    lines.close()
  }
}
