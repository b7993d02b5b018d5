import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { cpus } from 'node:os'

const hasTaskset = spawnSync('taskset', ['--version']).status === 0

/** The cores of the server and of the load; separate where the system has `taskset` and more than one core. */
export const SERVER_CORE = 0
export const LOAD_CORE = 1

/** True when server and load are pinned to separate cores. */
export const isPinned = hasTaskset && cpus().length > 1

/** A command that runs on one core, where the system supports pinning. */
export function onCore(core: number, command: readonly string[]): readonly [string, ...string[]] {
  return (isPinned ? ['taskset', '-c', String(core), ...command] : command) as [string, ...string[]]
}

const hasChrt = spawnSync('chrt', ['--version']).status === 0

/**
 * A command that runs only while nothing else wants its core, where the system supports that. A low priority is not
 * enough: a thread of it keeps the core for whole time slices.
 */
export function whenIdle(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return hasChrt ? ['chrt', '--idle', '0', ...command] : command
}

/** Moves the main thread of a process to one core, and its other threads to another, where the system supports that. */
export async function placeThreads(pid: number, mainCore: number, otherCore: number): Promise<void> {
  if (!isPinned) return
  for (const id of await readdir(`/proc/${pid}/task`)) {
    const core = Number(id) === pid ? mainCore : otherCore
    const { status, stderr } = spawnSync('taskset', ['--cpu-list', '--pid', String(core), id], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`taskset: ${stderr}`)
  }
}

const TICKS_PER_SECOND = 100

/** CPU time of a process with all its threads, in seconds. 0 where the system does not report it. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return 0
  // The program name is in brackets and may contain any character.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
