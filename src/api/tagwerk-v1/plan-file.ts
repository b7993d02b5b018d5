import type { PlanLine } from '../../catalog/catalog.ts'
import { TimeSlice } from '../../catalog/time-slice.ts'
import { DomainError, type Facts, invalid, unknownMember } from '../../core/errors.ts'
import { IdSet } from '../../core/id-set.ts'
import { judgePatch } from '../../core/plan-item.ts'
import { type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import type { Tag } from '../../core/tag.ts'
import type { KeyPatch, TagPatch } from '../../core/tag-patch.ts'
import { parseJson } from '../json.ts'
import { CHANGED_TAGS_MAX, LINE_BYTES_MAX, NOTE_CHARACTERS_MAX } from './limits.ts'
import { type Members, toObject, toText } from './line-members.ts'
import { type Line, linesOf } from './lines.ts'

/** The name and version of the format, in the first line of a file. */
export const PLAN_FORMAT = 'tagwerk-plan/1'

const HEAD_MEMBERS = ['format', 'project_id', 'plan_id', 'revision', 'created_at', 'note', 'actions', 'undo_of']
const ITEM_MEMBERS = ['resource_type', 'resource_id', 'expect', 'patch', 'order']
/** Lines that are judged together. */
const LINES_PER_BATCH = 250

/** What the first line of a plan file says. */
export type PlanFileHead = { readonly note?: string; readonly actions?: unknown }

/** A plan file: its first line, and its other lines in batches. */
export type PlanFile = { readonly head: PlanFileHead; readonly lines: AsyncIterable<readonly PlanLine[]> }

/**
 * Reads a plan file. Throws for a first line of another format, and its lines throw for one that breaks a rule; the errors
 * name line, field and value.
 */
export async function readPlanFile(
  body: AsyncIterable<Uint8Array>,
  projectId: string,
  types: ResourceTypes,
): Promise<PlanFile> {
  const lines = linesIn(body)
  const first = await lines.next()
  if (first.done) throw new DomainError('body-missing')
  const head = inLine(first.value, (bytes) => toHead(bytes, projectId))
  return { head, lines: batchesOf(lines, (bytes) => toPlanLine(bytes, types), projectId) }
}

async function* linesIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  for await (const lines of linesOf(body, LINE_BYTES_MAX, 1)) yield* lines
}

async function* batchesOf(
  lines: AsyncGenerator<Line>,
  toLine: (bytes: Uint8Array) => PlanLine,
  owner: string,
): AsyncGenerator<readonly PlanLine[]> {
  const seen = new IdSet()
  const slice = new TimeSlice(owner, { isBulk: true })
  let batch: PlanLine[] = []
  for await (const line of lines) {
    if (slice.isOver) await slice.yield()
    const parsed = inLine(line, toLine)
    refuseRepeated(seen, parsed, `line ${line.number}`)
    batch.push(parsed)
    if (batch.length < LINES_PER_BATCH) continue
    yield batch
    batch = []
  }
  yield batch
}

/** Throws for a resource that an earlier line has. */
export function refuseRepeated(seen: IdSet, { type, id }: Pick<PlanLine, 'type' | 'id'>, place: string): void {
  if (!seen.add(`${type}/${id}`)) throw invalid(`${place}: resource_id`, { name: 'unique' }, id)
}

/** Adds the number of the line to the field of an error. */
function inLine<T>({ number, bytes }: Line, read: (bytes: Uint8Array) => T): T {
  try {
    if (bytes === undefined) throw invalid('line', { name: 'bytes-max', limit: LINE_BYTES_MAX })
    return read(bytes)
  } catch (error) {
    throw atPlace(error, `line ${number}`)
  }
}

/** Adds a place in a file to the field of an error. */
export function atPlace(error: unknown, place: string): unknown {
  if (!(error instanceof DomainError)) return error
  const { field, ...facts }: Facts = error.facts
  return new DomainError<string>(error.code, { ...facts, field: field === undefined ? place : `${place}: ${field}` })
}

function toHead(bytes: Uint8Array, projectId: string): PlanFileHead {
  const head = toObject(parseJson(bytes, 'line'), 'line')
  const { format, project_id, note, actions } = head
  if (format !== PLAN_FORMAT) throw invalid('format', { name: 'one-of', allowed: [PLAN_FORMAT] }, format)
  for (const name in head) if (!HEAD_MEMBERS.includes(name)) throw unknownMember(name, name, HEAD_MEMBERS)
  // Ids of another project would be conflicts one by one.
  if (project_id !== undefined && project_id !== projectId) {
    throw invalid('project_id', { name: 'one-of', allowed: [projectId] }, project_id)
  }
  if (note === undefined || note === null) return actions === undefined ? {} : { actions }
  const text = toText(note, 'note')
  if (text.length > NOTE_CHARACTERS_MAX) {
    throw invalid('note', { name: 'characters-max', limit: NOTE_CHARACTERS_MAX, actual: text.length })
  }
  return { note: text, ...(actions !== undefined && { actions }) }
}

/** A value that a line states: null is an absent key, undefined one whose present value is expected. */
type Stated = string | null | undefined

function toPlanLine(bytes: Uint8Array, types: ResourceTypes): PlanLine {
  const line = toObject(parseJson(bytes, 'line'), 'line')
  for (const name in line) if (!ITEM_MEMBERS.includes(name)) throw unknownMember(name, name, ITEM_MEMBERS)
  const type = toResourceType(types, toText(line.resource_type, 'resource_type'), 'resource_type')
  const id = toText(line.resource_id, 'resource_id')
  const patch = toValues(line.patch, 'patch')
  const expect = line.expect === undefined ? new Map<string, string | null>() : toValues(line.expect, 'expect')
  for (const key of expect.keys()) {
    if (!patch.has(key)) throw invalid(`expect.${key}`, { name: 'well-formed', what: 'a key that patch has too' })
  }
  if (patch.size === 0) throw invalid('patch', { name: 'items-min', limit: 1 })
  const order = line.order === undefined ? undefined : toOrder(line.order)
  return {
    type,
    id,
    judge: (state, rules) => ({
      judgement: judgePatch(state, { keys: pinned(patch, expect, state?.tags ?? []), order }, rules),
    }),
  }
}

/** The keys of a patch; those without an expectation are expected as they are now. */
function pinned(
  patch: ReadonlyMap<string, string | null>,
  expect: ReadonlyMap<string, string | null>,
  tags: readonly Tag[],
): readonly KeyPatch[] {
  return Array.from(patch, ([key, value]) => {
    const stated: Stated = expect.get(key)
    const present = () => tags.find((tag) => tag.key === key)?.value
    return { key, expect: stated === undefined ? present() : (stated ?? undefined), value: value ?? undefined }
  })
}

function toValues(given: unknown, field: string): ReadonlyMap<string, string | null> {
  const members: Members = toObject(given, field)
  const values = new Map<string, string | null>()
  for (const [name, value] of Object.entries(members)) {
    if (name.trim() === '') throw invalid(`${field}.${name}`, { name: 'not-blank' }, name, 'tag-invalid')
    values.set(name, value === null ? null : toText(value, `${field}.${name}`))
  }
  if (values.size > CHANGED_TAGS_MAX) {
    throw invalid(field, { name: 'items-max', limit: CHANGED_TAGS_MAX }, values.size)
  }
  return values
}

function toOrder(given: unknown): NonNullable<TagPatch['order']> {
  if (!Array.isArray(given)) throw invalid('order', { name: 'type', expected: 'an array' }, given)
  return given.map((key, i) => toText(key, `order[${i}]`))
}
