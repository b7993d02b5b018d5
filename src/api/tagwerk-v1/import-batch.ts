import { TimeSlice } from '../../catalog/time-slice.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import { contentHash, type RepeatedResources } from '../../core/repeated-resources.ts'
import type { ChangeList } from './import-changes.ts'
import { explained, type ImportMode, toChange } from './import-mode.ts'
import type { Replacement } from './import-replacement.ts'
import type { ImportReport } from './import-report.ts'
import { handledLater, type Write } from './import-writers.ts'
import type { ProjectResolver, TargetProject } from './projects.ts'
import type { ResourceLine } from './resource-line.ts'

/** A valid line of an import. */
export type ParsedLine = { readonly number: number; readonly resource: ResourceLine }

/** How resources are handled that several lines of an import have. */
export type RepeatPolicy = { readonly seen: RepeatedResources; readonly lastWins: boolean }

/** What all batches of an import share. */
export type ImportContext = {
  readonly projects: ProjectResolver
  readonly write: Write
  readonly report: ImportReport
  readonly repeats: RepeatPolicy
  readonly mode: ImportMode
  /** The changes of a dry run. */
  readonly changes: ChangeList | undefined
  readonly replacement: Replacement | undefined
  /** True: a line does not see the ones before it, so that one with equal data is counted without a write. */
  readonly isStateless: boolean
  /** The owner of the time slices. */
  readonly owner: string
}

/** A batch accepted into the write queue. `done` resolves when its lines are committed and counted. */
export type AcceptedBatch = { readonly done: Promise<void> }

/**
 * Submits a batch to the write queue after the previous one. Lines of one project stay in order; projects are written
 * concurrently.
 */
export async function submitBatch(
  batch: readonly ParsedLine[],
  context: ImportContext,
  previous: Promise<AcceptedBatch>,
): Promise<AcceptedBatch> {
  const { projects, write, report, mode, changes, replacement, owner } = context
  const targets = await resolveProjects(batch, projects)
  await previous
  const slice = new TimeSlice(owner, { isBulk: true })
  const byProject = new Map<unknown, { readonly project: TargetProject; readonly lines: ParsedLine[] }>()
  for (const line of batch) {
    if (slice.isOver) await slice.yield()
    const project = targets.get(line.resource.project)
    if (project instanceof Error || project === undefined) {
      report.refuse(line.number, project)
      continue
    }
    replacement?.see(project, line.resource)
    if (isDoneRepeat(line, project, context)) continue
    // By id, because lines may refer to a project by name or by id.
    const key = project.id ?? project
    const group = byProject.get(key)
    if (group === undefined) byProject.set(key, { project, lines: [line] })
    else group.lines.push(line)
  }
  const groups = await Promise.all(
    Array.from(byProject.values(), async ({ project, lines }) => ({
      project,
      lines,
      results: (
        await write(
          project,
          lines.map(({ resource }) => toChange(resource, mode)),
        )
      ).results,
    })),
  )
  const counted = groups.map(async ({ project, lines, results }) => {
    for (const [i, result] of (await results).entries()) {
      const { number: line, resource } = lines[i] as ParsedLine
      if (result instanceof DomainError) report.refuse(line, explained(result, resource.id))
      else {
        report.count(result)
        if (result.effect === 'created') replacement?.created(project, resource.type)
        if ('before' in result) changes?.add({ line, ...resource }, result)
      }
    }
  })
  return { done: handledLater(Promise.all(counted).then(() => undefined)) }
}

/** Records a line whose resource an earlier line has too. Says whether that is all there is to do. */
function isDoneRepeat(
  { number, resource }: ParsedLine,
  project: TargetProject,
  { report, repeats: { seen, lastWins }, isStateless }: ImportContext,
): boolean {
  const { type, id } = resource
  // A project that a dry run would create has no id yet.
  const projectKey = project.id ?? `new:${resource.project}`
  const repeat = seen.add(`${projectKey}/${type}/${id}`, contentOf(resource), number, lastWins)
  if (repeat === undefined) return false
  if (repeat.isEqual || lastWins) {
    report.repeat(number, repeat)
    if (isStateless) report.count({ effect: 'unchanged' })
    return isStateless
  }
  report.refuse(number, invalid('resource_id', { name: 'unique', earlierLine: repeat.earlierLine }, id))
  return true
}

/** A hash of all that a line says of its resource. */
function contentOf({ state, createdAtMs }: ResourceLine): number {
  let hash = contentHash(state.detail, contentHash(state.name))
  for (const { key, value } of state.tags) hash = contentHash(value, contentHash(key, hash))
  return createdAtMs === undefined ? hash : contentHash(String(createdAtMs), hash)
}

/** Resolves each distinct project of a batch; an error for a project that the caller may not import into. */
async function resolveProjects(
  batch: readonly ParsedLine[],
  projects: ProjectResolver,
): Promise<ReadonlyMap<string | undefined, TargetProject | Error>> {
  const names = [...new Set(batch.map(({ resource }) => resource.project))]
  const results = await Promise.allSettled(names.map((name) => projects.resolve(name)))
  return new Map(
    results.map((result, i) => [names[i], result.status === 'fulfilled' ? result.value : (result.reason as Error)]),
  )
}
