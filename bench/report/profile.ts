import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

type Profile = {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const LINES_MAX = 25

/** Lists the functions with the most self time in the CPU profiles of a folder. */
export async function summarizeProfiles(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'))
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return texts.map((text, i) => `${files[i]}\n${summarize(JSON.parse(text) as Profile)}`).join('\n\n')
}

/** One line per function with the most self time: share, name and source location. Idle time is excluded. */
export function summarize({ nodes, samples, timeDeltas }: Profile): string {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const location = url === '' ? '' : ` ${url.replace(/^.*\/(?=(src|node_modules)\/)/, '')}:${lineNumber + 1}`
      return [id, `${functionName || '(anonymous)'}${location}`]
    }),
  )
  const times = new Map<string, number>()
  let total = 0
  for (const [i, id] of samples.entries()) {
    const name = names.get(id) as string
    if (name === '(idle)') continue
    const us = timeDeltas[i] as number
    total += us
    times.set(name, (times.get(name) ?? 0) + us)
  }
  const top = [...times].sort((a, b) => b[1] - a[1]).slice(0, LINES_MAX)
  return top.map(([name, us]) => `${((100 * us) / total).toFixed(1).padStart(5)} %  ${name}`).join('\n')
}
