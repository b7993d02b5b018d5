import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism, getPriority, setPriority } from 'node:os'

const TASKS = '/proc/self/task'
/** Name of the threads with which V8 collects garbage and compiles beside the main thread. */
const V8_THREAD = 'V8Worker'
/** How much nicer they are than the main thread. */
const NICE = 10

/** What the function sees of the system. */
export type ThreadSystem = {
  readonly cores: number
  /** The threads of this process; none where the system does not list them. */
  readonly threads: () => readonly { readonly id: number; readonly name: string }[]
  readonly priorityOf: (id: number) => number
  readonly setPriority: (id: number, priority: number) => void
}

/**
 * On a single core, lowers the priority of V8's helper threads: otherwise the system gives each of them slices of several
 * milliseconds, in which no request is answered. With more cores they run beside the main thread, which waits for them.
 */
export function yieldToMainThread(system: ThreadSystem = ofThisProcess()): void {
  if (system.cores > 1) return
  for (const { id, name } of system.threads()) {
    if (name === V8_THREAD) system.setPriority(id, Math.min(19, system.priorityOf(id) + NICE))
  }
}

function ofThisProcess(): ThreadSystem {
  return { cores: availableParallelism(), threads: threadsOfThisProcess, priorityOf: getPriority, setPriority }
}

/** The threads of this process with their names; none where the system does not list them. */
export function threadsOfThisProcess(): readonly { readonly id: number; readonly name: string }[] {
  if (process.platform !== 'linux') return []
  return readdirSync(TASKS).map((id) => ({
    id: Number(id),
    name: readFileSync(`${TASKS}/${id}/comm`, 'utf8').trim(),
  }))
}
