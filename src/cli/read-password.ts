import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { UsageError } from './command.ts'
import { type Io, write } from './io.ts'

/**
 * Reads a new password: asks for it twice on a terminal, and otherwise takes the first line of standard input. Throws a
 * UsageError without a password, which names the variable that can hold it, and when the two differ.
 */
export async function readPassword(io: Io, user: string, variable = 'TAGWERK_ADMIN_PASSWORD'): Promise<string> {
  const isTerminal = io.stdin.isTTY === true
  const lines = createInterface({ input: io.stdin, ...(isTerminal && { output: silence(), terminal: true }) })
  const answers = lines[Symbol.asyncIterator]()
  try {
    return isTerminal ? await askTwice(io, answers, user) : await readFirst(answers, variable)
  } finally {
    lines.close()
  }
}

/** Swallows what readline would echo. */
function silence(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}

async function readFirst(lines: AsyncIterator<string>, variable: string): Promise<string> {
  const first = await lines.next()
  if (!first.done && first.value !== '') return first.value
  throw new UsageError(
    'there is no new password: run the command on a terminal, or give it in the first line of standard input or in ' +
      variable,
  )
}

async function askTwice(io: Io, lines: AsyncIterator<string>, user: string): Promise<string> {
  const password = await ask(io, lines, `New password of ${user}: `)
  if (password === '') throw new UsageError('the new password must not be empty')
  if ((await ask(io, lines, 'The same again: ')) === password) return password
  throw new UsageError('the two passwords differ: run the command again')
}

/** Asks a question on standard error. Throws a UsageError when the user ends the input or presses Ctrl-C. */
async function ask(io: Io, lines: AsyncIterator<string>, question: string): Promise<string> {
  await write(io.stderr, question)
  const answer = await lines.next()
  await write(io.stderr, '\n')
  if (answer.done) throw new UsageError('cancelled, the password is unchanged')
  return answer.value
}
