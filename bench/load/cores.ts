import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'

const hasTaskset = spawnSync('taskset', ['--version']).status === 0

/** Where the server runs, and where the load: each has a core of its own where the system lets one choose. */
export const SERVER_CORE = 0
export const LOAD_CORE = 1

/** Whether server and load are held to cores of their own. */
export const isPinned = hasTaskset && cpus().length > 1

/** A command that runs on one core, as far as that can be had. */
export function onCore(core: number, command: readonly string[]): readonly [string, ...string[]] {
  return (isPinned ? ['taskset', '-c', String(core), ...command] : command) as [string, ...string[]]
}

const TICKS_PER_SECOND = 100

/** Processor time of a process with all its threads, in seconds; 0 where the system does not say. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return 0
  // The name of the program stands in brackets and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
