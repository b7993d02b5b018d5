import type { FloodMessage } from './flood-process.ts'
import { flood } from './neighbour-floods.ts'

// Runs one flood after another, as messages demand. Answers each message when the flood has begun or ended.

let end: ReturnType<typeof flood> | undefined

process.on('message', ({ message }: { readonly message: FloodMessage }) => {
  if (message !== undefined) {
    end = flood(message.flood, message.target)
    process.send?.({})
  } else void end?.().then((statuses) => process.send?.(statuses))
})
process.on('disconnect', () => process.exit())
