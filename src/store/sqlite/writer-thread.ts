import { constants, getPriority, setPriority } from 'node:os'
import { performance } from 'node:perf_hooks'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { SqliteConnection } from './connection.ts'
import { databaseFileIn } from './data-folder.ts'
import { Maintenance } from './maintenance.ts'
import { SqliteWriter } from './writer.ts'
import { changesOf, type WriteCall } from './writer-messages.ts'

// The thread of a SqliteWriter. Calls that arrive during one commit are executed together in the next. The other side
// sends `close` as its last message, after it has received every reply.

/** How much nicer this thread is than the one that answers. */
const NICE = 10

const port = parentPort!
// Where both threads share a core, answers go before commits. On Linux, 0 is this thread; elsewhere it is the process.
if (process.platform === 'linux') setPriority(0, Math.min(getPriority(0) + NICE, constants.priority.PRIORITY_LOW))
const { folder, isEphemeral } = workerData as { readonly folder: string; readonly isEphemeral: boolean }
const file = databaseFileIn(folder)
const writer = new SqliteWriter(file, () => new SqliteConnection(file, { readOnly: false, isEphemeral }))
const queue: (WriteCall | 'close')[] = []
let isWorking = false

function takeQueue(): (WriteCall | 'close')[] {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    queue.push(next.message as WriteCall | 'close')
  }
  return queue.splice(0)
}

async function work(): Promise<void> {
  isWorking = true
  for (let taken = takeQueue(); taken.length > 0; taken = takeQueue()) {
    const calls = taken.filter((message) => message !== 'close')
    if (calls.length > 0) {
      port.postMessage(await writer.execute(calls))
      // In this loop and not by a timer, which would not fire while calls keep coming.
      maintenance.afterCommits(changesOf(calls))
    }
    if (calls.length < taken.length) {
      maintenance.run()
      maintenance.close()
      writer.close()
      port.close()
      return
    }
  }
  isWorking = false
}

port.on('message', (message: WriteCall | 'close') => {
  queue.push(message)
  if (!isWorking) void work()
})

const warning = await writer.migrate()
const maintenance = new Maintenance(writer, folder, () => performance.now(), {
  onWarning: (warning) => port.postMessage({ warning }),
  onCheckpoint: (checkpoint) => port.postMessage({ checkpoint }),
})
port.postMessage('ready')
if (warning !== undefined) port.postMessage({ warning })
maintenance.run()
