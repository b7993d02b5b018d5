import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import type { Machine } from './figure.ts'

/** What this machine is, and which commit is measured. */
export function describeMachine(): Machine {
  const [first] = cpus()
  const { stdout, status } = spawnSync('git', ['describe', '--always', '--dirty'], {
    ...{ cwd: import.meta.dirname, encoding: 'utf8' as const },
  })
  return {
    cpu: modelName() ?? first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}${hugePages()}`,
    node: process.version,
    commit: status === 0 ? stdout.trim() : 'unknown',
  }
}

/** How the system uses huge pages of memory, where it says so: it matters much for what reads all over a large memory. */
function hugePages(): string {
  try {
    const text = readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'utf8')
    return ` (huge pages: ${/\[(\w+)\]/.exec(text)?.[1]})`
  } catch {
    return ''
  }
}

/** Family and model stand beside a name that says little, such as that of a virtual processor. */
function modelName(): string | undefined {
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8')
    const field = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(text)?.[1]?.trim()
    const name = field('model name')
    return name === undefined ? undefined : `${name} (family ${field('cpu family')}, model ${field('model')})`
  } catch {
    return undefined
  }
}
