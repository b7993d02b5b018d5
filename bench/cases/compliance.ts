import { countProblems } from '../../src/catalog/compliance-counts.ts'
import type { ProjectIndex } from '../../src/catalog/project-index.ts'
import type { EffectivePolicy, PolicyRule } from '../../src/core/policy/effective-policy.ts'
import { problemsOfResource } from '../../src/core/policy/judge-resource.ts'
import { IMAGES } from '../../src/core/resource-types.ts'
import { type Case, type CaseContext, checkSame } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { significant, timeText } from '../report/figure.ts'
import { cpuUs, watchLoop } from '../report/loop-hold.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { indexOf } from './search.ts'

const PROJECT = 'bench'
const KEYS = 30
/** Patterns are for keys whose values somebody chooses; those of keys with thousands of values are tested image by image. */
const PATTERN_VALUES_MAX = 1000
/** Every so many images is judged by the rules of the policy itself. */
const JUDGED_EVERY = 50

/** How long does it take to count the problems of all images with a policy of 30 keys? */
export const complianceCase: Case = {
  name: 'compliance',
  about: 'problems of all images with a tag policy of 30 keys, in process',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const policy = policyOf(new Vocabulary(dataset))
    const index = await indexOf(context, dataset)
    await checkCounts(context, dataset, policy)
    return { figures: await time(context, index, policy) }
  },
}

/** Rules for the most used keys: with values, with patterns, and in another case, in turn. A third must be there. */
function policyOf(vocabulary: Vocabulary): EffectivePolicy {
  const rules = vocabulary.keys.slice(0, KEYS).map((key, i): PolicyRule => {
    const used = vocabulary.valuesOf(key)
    const [first = 'x', second = 'y'] = used
    const pattern = used.length <= PATTERN_VALUES_MAX ? `${first.slice(0, 1)}*` : first
    const values = [[first, second], [pattern, second], undefined][i % 3]
    return {
      key: i % 5 === 4 ? key.toUpperCase() : key,
      ...(values && { values }),
      enforcedFor: [],
      requiredFor: i % 3 === 0 ? [IMAGES] : [],
      requiredOnCreate: false,
    }
  })
  return { rules }
}

/** Compares the counts of a part of the images with the judge of single resources. */
async function checkCounts(context: CaseContext, dataset: GeneratedDataset, policy: EffectivePolicy): Promise<void> {
  const size = Math.ceil(dataset.size / JUDGED_EVERY)
  const part = new GeneratedDataset(size)
  const index = await indexOf(context, part)
  const expected = new Map<string, number>()
  let compliant = 0
  for (let i = 0; i < size; i++) {
    const problems = problemsOfResource(policy, IMAGES, part.at(i).tags)
    if (problems.length === 0) compliant++
    for (const { key, problem } of problems) {
      expected.set(`${key} ${problem}`, (expected.get(`${key} ${problem}`) ?? 0) + 1)
    }
  }
  const [counted] = (await countProblems(index, PROJECT, policy, undefined)).types
  checkSame('images without a problem', compliant, counted?.compliant)
  checkSame('kinds of problems', expected.size, counted?.problems.length)
  for (const { key, problem, resources } of counted?.problems ?? []) {
    checkSame(`images with the problem ${problem} of ${key}`, expected.get(`${key} ${problem}`), resources)
  }
}

async function time({ size, isQuick, say }: CaseContext, index: ProjectIndex, policy: EffectivePolicy) {
  say('compliance')
  const [times, cpus, holds]: [number[], number[], number[]] = [[], [], []]
  for (let round = -1; round < (isQuick ? 2 : 15); round++) {
    const watch = watchLoop()
    const [startMs, startUs] = [performance.now(), cpuUs()]
    await countProblems(index, PROJECT, policy, undefined)
    const timeUs = (performance.now() - startMs) * 1000
    const cpu = cpuUs() - startUs
    const hold = watch.end()
    // The first round is the warm-up.
    if (round === -1) continue
    times.push(timeUs)
    cpus.push(cpu)
    holds.push(hold)
  }
  return [
    {
      target: 'compliance',
      what: `problems with a policy of ${KEYS} keys`,
      size,
      value: median(times),
      spread: spreadOf(times),
      measured: `${timeText(median(times))}, with ${timeText(median(cpus))} of processor time`,
    },
    {
      target: 'polite',
      what: 'event loop while problems are counted',
      size,
      value: median(holds),
      spread: spreadOf(holds),
      measured: `${significant(median(holds))} ms of uninterrupted CPU time, ${significant(Math.max(...holds))} ms at most`,
    },
  ] as const
}
