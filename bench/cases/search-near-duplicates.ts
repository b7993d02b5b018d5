import { searchCombined } from '../../src/catalog/combined-search.ts'
import { type NearReads, nearDuplicates } from '../../src/catalog/near-duplicates.ts'
import { ProjectIndex } from '../../src/catalog/project-index.ts'
import { countTags } from '../../src/catalog/tag-counts.ts'
import { IMAGES } from '../../src/core/resource-types.ts'
import { type CaseContext, checkSame } from '../case.ts'
import { Random } from '../data/random.ts'
import { type Figure, significant, timeText } from '../report/figure.ts'
import { cpuUs, watchLoop } from '../report/loop-hold.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { changeOf } from './search.ts'

const KEYS = 10_000
const TAGS_PER_IMAGE = 10
const WORDS = (
  'cost center owner team environment service application version release backup region project budget customer network ' +
  'zone kernel stage tier license contract audit compliance data storage schedule contact department function purpose'
).split(' ')

/** Near-duplicates over an index whose images have 10,000 keys, a tenth of which is another spelling of one of them. */
export async function timeNearDuplicates({ isQuick, say }: CaseContext): Promise<readonly Figure[]> {
  say('near-duplicates')
  const keys = keysOf(isQuick ? 1000 : KEYS)
  const size = (keys.length * 2) / TAGS_PER_IMAGE
  const reads = readsOf(await indexOf(keys, size))
  const times: number[] = []
  const cpus: number[] = []
  const holds: number[] = []
  let groups = 0
  for (let round = 0; round < (isQuick ? 1 : 7); round++) {
    const watch = watchLoop()
    const [startMs, startUs] = [performance.now(), cpuUs()]
    const found = await nearDuplicates(reads, 'bench', undefined, { max: keys.length })
    times.push((performance.now() - startMs) * 1000)
    cpus.push(cpuUs() - startUs)
    holds.push(watch.end())
    groups = found?.groups.length ?? 0
    // Every spelling that was added to another one is found again.
    const spelled = found?.groups.filter(({ kind }) => kind === 'certain').length ?? 0
    checkSame('groups that are equal but for case and separators', Math.floor(keys.length / 10), spelled)
  }
  return [
    {
      target: 'near',
      what: `near-duplicates of ${significant(keys.length)} keys`,
      size,
      value: median(times),
      spread: spreadOf(times),
      measured: `${timeText(median(times))}, with ${timeText(median(cpus))} of processor time; ${significant(groups)} groups`,
    },
    {
      target: 'polite',
      what: 'event loop during near-duplicates',
      size,
      value: median(holds),
      spread: spreadOf(holds),
      measured: `${significant(median(holds))} ms of uninterrupted CPU time, ${significant(Math.max(...holds))} ms at most`,
    },
  ]
}

/** Keys of two words and a number, such as `cost-center-17`, and other spellings of every ninth, such as `Cost_Center_17`. */
function keysOf(count: number): readonly string[] {
  const random = new Random(47)
  const spellings = Math.floor(count / 10)
  const keys = Array.from(
    { length: count - spellings },
    (_, i) => `${random.pick(WORDS)}-${random.pick(WORDS)}-${i.toString().padStart(5, '0')}`,
  )
  const others = keys
    .slice(0, spellings)
    .map((key) =>
      key.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => `${dash && '_'}${letter.toUpperCase()}`),
    )
  return [...keys, ...others]
}

/** Each key is on two images, the first ones on more. */
async function indexOf(keys: readonly string[], size: number): Promise<ProjectIndex> {
  const index = new ProjectIndex({ seed: 7 })
  const random = new Random(53)
  const images = Array.from({ length: size }, (_, i) => {
    const used = new Set(Array.from({ length: TAGS_PER_IMAGE }, (_, n) => keys[(i * TAGS_PER_IMAGE + n) % keys.length]))
    used.add(keys[random.below(Math.ceil(keys.length / 100))])
    const tags = Array.from(used, (key) => ({ key: key as string, value: 'x' }))
    return changeOf({ id: `image-${i}`, name: '', detail: '{}', tags }, i + 1)
  })
  await index.apply(images)
  return index
}

function readsOf(index: ProjectIndex): NearReads {
  return {
    countTags: (project, types, page) => countTags(project, index, types, page),
    search: (project, _types, request) => searchCombined(index, project, [IMAGES], request),
  }
}
