import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { LOAD_CORE, onCore, whenIdle } from '../load/cores.ts'
import type { Flood, FloodTarget } from './neighbour-floods.ts'

/** A message to the process: a flood to begin, or undefined to end the last one. */
export type FloodMessage = { readonly flood: Flood; readonly target: FloodTarget } | undefined

/** The lowest priority, where the system cannot run the flood on an idle core only: it must not delay the measured client. */
const PRIORITY = 19

/** Runs floods in a process of its own, on the core of the load. */
export class FloodProcess {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static start(): FloodProcess {
    const file = new URL('./flood-worker.ts', import.meta.url).pathname
    const [command, ...args] = whenIdle(onCore(LOAD_CORE, [process.execPath, file]))
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' })
    setPriority(child.pid as number, PRIORITY)
    return new FloodProcess(child)
  }

  /** Begins a flood. */
  async begin(flood: Flood, target: FloodTarget): Promise<void> {
    await this.#send({ flood, target })
  }

  /** Ends the flood. Gives its answers by status. */
  end(): Promise<Readonly<Record<string, number>>> {
    return this.#send(undefined)
  }

  stop(): void {
    this.#child.disconnect()
  }

  async #send(message: FloodMessage): Promise<Readonly<Record<string, number>>> {
    const answer = once(this.#child, 'message')
    this.#child.send({ message })
    const [statuses] = (await answer) as [Readonly<Record<string, number>>]
    return statuses
  }
}
