import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import type { Machine } from './figure.ts'

/** Describes this machine and the measured commit. */
export function describeMachine(): Machine {
  const [first] = cpus()
  const { stdout, status } = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: import.meta.dirname,
    encoding: 'utf8' as const,
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

/** The setting of transparent huge pages, where the system shows it: random access to a large memory depends on it. */
function hugePages(): string {
  try {
    const text = readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'utf8')
    return ` (huge pages: ${/\[(\w+)\]/.exec(text)?.[1]})`
  } catch {
    return ''
  }
}

/** Adds CPU family and model, because the name of a virtual CPU alone says little. */
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
