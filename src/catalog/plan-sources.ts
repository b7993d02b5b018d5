import { DomainError } from '../core/errors.ts'
import { inProject, ofType } from '../core/expression/decided-query.ts'
import type { PlanAction } from '../core/plan-actions.ts'
import { type ItemRules, type Judgement, judgeActions, judgeInverse } from '../core/plan-item.ts'
import type { IndexedResource } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { TagRules } from '../core/tag.ts'
import type { TagQuery } from '../core/tag-query.ts'
import type { PlanItem, PlanRecord, PlanStore } from '../store/plan-store.ts'
import type { HistoryReads } from '../store/store.ts'
import { prepareFilter } from './filters.ts'
import type { PlanMaker } from './plan-maker.ts'
import { type PolicyReads, withPolicy } from './policy-rules.ts'
import type { ProjectIndex } from './project-index.ts'
import { TimeSlice } from './time-slice.ts'

/** What a plan is made from. */
export type PlanSource =
  /** Actions on all resources that match. Without types, of every type that the project has. */
  | {
      readonly kind: 'matching'
      readonly types: readonly ResourceType[] | undefined
      readonly query: TagQuery
      readonly actions: readonly PlanAction[]
    }
  /** Actions on some resources. One that does not exist is a conflict. */
  | {
      readonly kind: 'named'
      readonly resources: readonly { readonly type: ResourceType; readonly id: string }[]
      readonly actions: readonly PlanAction[]
    }
  /** Resources one by one, in small batches. */
  | { readonly kind: 'lines'; readonly lines: AsyncIterable<readonly PlanLine[]> }

/** One resource of a plan, and what the plan does to it. `state` is undefined if it does not exist. */
export type PlanLine = {
  readonly type: ResourceType
  readonly id: string
  readonly judge: (state: IndexedResource | undefined, rules: ItemRules) => LineJudgement
}

/** A judgement, and the number of tags that are left alone. */
export type LineJudgement = { readonly judgement: Judgement; readonly tagsLeft?: number }

export type SourceParts = {
  readonly fresh: (project: string) => Promise<ProjectIndex>
  readonly rulesOf: (type: ResourceType) => TagRules
  readonly store: PolicyReads
}

/** The parts with the rules of one project. */
type JudgeParts = Pick<SourceParts, 'fresh'> & { readonly rulesOf: (type: ResourceType) => ItemRules }

/** Resources that are visited between two looks at the clock. */
const RESOURCES_PER_LOOK = 16
/** Changed resources that scans keep copies of, at most, see `scanResources`. */
const COPIES_MAX = 100_000
/** Items of a plan that are read together. */
export const ITEMS_PER_READ = 250

/** Judges a source and adds its resources to a plan, in time slices. Gives the revision that they reflect. */
export async function judgeSource(
  { fresh, rulesOf, store }: SourceParts,
  project: string,
  source: PlanSource,
  maker: PlanMaker,
): Promise<number> {
  const parts = { fresh, rulesOf: await withPolicy(store, project, rulesOf) }
  if (source.kind === 'matching') return judgeMatching(parts, project, source, maker)
  const lines = source.kind === 'lines' ? source.lines : actionLines(source)
  return judgeLines(parts, project, lines, maker)
}

/** All resources are judged as they are at one revision. */
async function judgeMatching(
  { fresh, rulesOf }: JudgeParts,
  project: string,
  { types, query, actions }: Extract<PlanSource, { kind: 'matching' }>,
  maker: PlanMaker,
): Promise<number> {
  const index = await fresh(project)
  await prepareFilter(index, types ?? index.types, query, project)
  const { revision } = index
  const inThis = inProject(query, project)
  const slice = new TimeSlice(project)
  // All scans begin in this tick, and so at the same revision.
  const scans = (types ?? index.types).map((type) => ({
    type,
    scan: index.of(type).scan(ofType(inThis, type), () => true, false),
  }))
  try {
    for (const { type, scan } of scans) {
      const rules = rulesOf(type)
      for (let looked = 0; !scan.isDone; looked++) {
        if (maker.isFull) await maker.write()
        if (looked % RESOURCES_PER_LOOK === 0 && slice.isOver) await slice.yield()
        refuseTooManyCopies(scans)
        const resource = scan.next()
        if (resource !== undefined) maker.add(type, resource.id, judgeActions(resource, actions, rules))
      }
    }
  } finally {
    for (const { scan } of scans) scan.close()
  }
  return revision
}

function refuseTooManyCopies(scans: readonly { readonly scan: { readonly keptCount: number } }[]): void {
  let copies = 0
  for (const { scan } of scans) copies += scan.keptCount
  if (copies > COPIES_MAX) throw new DomainError('overloaded', { retryAfterSeconds: 1 })
}

/** Each batch is judged at a revision of its own; the last one is given. */
async function judgeLines(
  { fresh, rulesOf }: JudgeParts,
  project: string,
  batches: AsyncIterable<readonly PlanLine[]>,
  maker: PlanMaker,
): Promise<number> {
  const slice = new TimeSlice(project)
  let { revision } = await fresh(project)
  for await (const lines of batches) {
    const index = await fresh(project)
    for (const [i, { type, id, judge }] of lines.entries()) {
      if (i % RESOURCES_PER_LOOK === 0 && slice.isOver) await slice.yield()
      const { judgement, tagsLeft } = judge(index.of(type).get(id), rulesOf(type))
      maker.add(type, id, judgement, tagsLeft)
    }
    // The index stays fresh during the yields, and its changes are in order.
    revision = index.revision
    if (maker.isFull) await maker.write()
  }
  return revision
}

async function* actionLines({
  resources,
  actions,
}: Extract<PlanSource, { kind: 'named' }>): AsyncGenerator<readonly PlanLine[]> {
  yield resources.map(({ type, id }) => ({
    type,
    id,
    judge: (state, rules) => ({
      judgement:
        state === undefined
          ? { outcome: 'conflict', patch: { keys: [] }, code: 'resource-not-found' }
          : judgeActions(state, actions, rules),
    }),
  }))
}

/** What takes back the changes that a plan has made. Positions of keys are those of the change log. */
export async function* inverseLines(
  store: PlanStore & Pick<HistoryReads, 'getChanges'>,
  project: string,
  { id, items }: PlanRecord,
): AsyncGenerator<readonly PlanLine[]> {
  for (let from = 0; from < items; from += ITEMS_PER_READ) {
    const read = await store.getPlanItems(project, id, from, from + ITEMS_PER_READ)
    const applied = read.filter(({ state }) => state === 'applied')
    const orders = await ordersBefore(store, project, applied)
    yield applied.map(({ type, id, patch }, i) => ({
      type,
      id,
      judge: (state, rules) => {
        const { judgement, left } = judgeInverse(state, patch, orders[i], rules)
        return { judgement, tagsLeft: left }
      },
    }))
  }
}

/** The keys of each resource before its change, in order; undefined where the history does not reach back so far. */
async function ordersBefore(
  store: Pick<HistoryReads, 'getChanges'>,
  project: string,
  applied: readonly PlanItem[],
): Promise<readonly (readonly string[] | undefined)[]> {
  const changes = await store.getChanges(
    project,
    applied.map(({ revision }) => revision),
  )
  const before = await store.getChanges(
    project,
    changes.map((change) => change?.priorRevision ?? 0),
  )
  return before.map((change) => change?.after?.tags.map(({ key }) => key))
}
