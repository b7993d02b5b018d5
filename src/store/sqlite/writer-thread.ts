import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { SqliteWriter } from './writer.ts'
import { packReply, unpackCall, type WriteCall } from './writer-messages.ts'

// The worker thread around a SqliteWriter. Whatever came in during one commit goes into the next. The other side
// sends `close` as its last message, when every call has its reply.

const port = parentPort!
const writer = new SqliteWriter((workerData as { readonly file: string }).file)
const queue: (WriteCall | 'close')[] = []
let working = false

function takeQueue(): (WriteCall | 'close')[] {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    queue.push(next.message as WriteCall | 'close')
  }
  return queue.splice(0)
}

async function work(): Promise<void> {
  working = true
  for (let taken = takeQueue(); taken.length > 0; taken = takeQueue()) {
    const calls = taken.filter((message) => message !== 'close').map(unpackCall)
    if (calls.length > 0) {
      const replies = await writer.run(calls)
      port.postMessage(replies.map((reply, i) => packReply(calls[i] as WriteCall, reply)))
    }
    if (calls.length < taken.length) {
      writer.close()
      port.close()
      return
    }
  }
  working = false
}

port.on('message', (message: WriteCall | 'close') => {
  queue.push(message)
  if (!working) void work()
})

await writer.migrate()
port.postMessage('ready')
