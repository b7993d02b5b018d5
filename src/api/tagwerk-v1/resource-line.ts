import { charactersRule, invalid, unknownMember } from '../../core/errors.ts'
import type { Profile } from '../../core/profile.ts'
import type { ResourceState } from '../../core/resource.ts'
import { type ResourceType, toResourceType } from '../../core/resource-types.ts'
import { countCodePoints } from '../../core/text.ts'
import type { DetailReaders } from '../imported-detail.ts'
import { parseJson } from '../json.ts'
import {
  DETAIL_BYTES_MAX,
  ID_CHARACTERS_MAX,
  NAME_CHARACTERS_MAX,
  PROJECT_CHARACTERS_MAX,
  WIDE_ID_CHARACTERS_MAX,
} from './limits.ts'
import { type Members, toObject, toText } from './line-members.ts'
import { type DroppedTag, toLineTags } from './resource-tags.ts'
import { toCreationTimeMs } from './resource-times.ts'

/** One parsed line of an import. */
export type ResourceLine = {
  readonly type: ResourceType
  readonly id: string
  /** Name of the project; undefined if the line has none. */
  readonly project: string | undefined
  readonly state: ResourceState
  /** Unix time in milliseconds; undefined if the line has none. */
  readonly createdAtMs: number | undefined
  /** Tags that break a rule, if such tags are left out. */
  readonly dropped: readonly DroppedTag[]
}

/** The rules that lines have to follow. */
export type LineRules = { readonly profile: Profile; readonly details: DetailReaders }

/** How strictly tags are read. */
export type TagStrictness = {
  /** True: tags that break a rule are left out, and do not refuse the line. */
  readonly dropsBadTags: boolean
  /** True: a line has to have the member `tags`, because a line without it would remove all tags. */
  readonly requiresTags: boolean
}

const MEMBERS = [
  'resource_type',
  'project',
  'resource_id',
  'resource_name',
  'created_at',
  'updated_at',
  'resource_detail',
  'tags',
]
const ID_PATTERN = /^[0-9A-Za-z][0-9A-Za-z_.-]*$/
const ID_ALLOWED = 'digits, letters, "_", "-" and ".", beginning with a digit or letter'
/** Ids of other types, such as URNs, ARNs and the paths of Azure. */
const WIDE_ID_PATTERN = /^[\p{L}\p{M}\p{N}\p{P}\p{S}](?:[\p{L}\p{M}\p{N}\p{P}\p{S} ]*[\p{L}\p{M}\p{N}\p{P}\p{S}])?$/u
const WIDE_ID_ALLOWED = 'visible characters, and blanks between them'
/** The status of an image or instance whose detail has none: their services always show one (contract 2.4). */
const STATUS_DEFAULT = 'active'

const utf8 = new TextEncoder()

const STRICT: TagStrictness = { dropsBadTags: false, requiresTags: false }

/** Parses and validates one line. Throws an error that names the field, the rule and the value. */
export function toResourceLine(
  bytes: Uint8Array,
  { profile, details }: LineRules,
  { dropsBadTags, requiresTags }: TagStrictness = STRICT,
): ResourceLine {
  const line = withoutNulls(toObject(parseJson(bytes, 'line'), 'line'))
  for (const name in line) if (!MEMBERS.includes(name)) throw unknownMember(name, name, MEMBERS)
  const type = toResourceType(profile.types, toText(line.resource_type, 'resource_type'), 'resource_type')
  const id = toId(line.resource_id, 'resource_id', profile.types.row(type)?.hasOwnApi === true)
  const name = line.resource_name === undefined ? '' : toText(line.resource_name, 'resource_name')
  checkLength(name, 'resource_name', 0, NAME_CHARACTERS_MAX)
  const given = line.resource_detail === undefined ? {} : toObject(line.resource_detail, 'resource_detail')
  const detail = details.get(type)?.(given, 'resource_detail') ?? given
  if (requiresTags && line.tags === undefined) throw invalid('tags', { name: 'required' })
  const dropped: DroppedTag[] = []
  const tags = toLineTags(line.tags, profile.tagRulesOf(type), dropsBadTags ? dropped : undefined)
  return {
    type,
    id,
    project: line.project === undefined ? undefined : toProjectName(line.project, 'project'),
    state: { name, detail: toDetail(detail, details.has(type)), tags },
    createdAtMs: toCreationTimeMs(line, type, detail),
    dropped,
  }
}

/** Validates the name of a project. */
export function toProjectName(value: unknown, field: string): string {
  const project = toText(value, field)
  checkLength(project, field, 1, PROJECT_CHARACTERS_MAX)
  if (project.trim() !== project) throw invalid(field, { name: 'characters', allowed: 'no outer blanks' }, project)
  return project
}

function toId(value: unknown, field: string, isNarrow: boolean): string {
  const id = toText(value, field)
  checkLength(id, field, 1, isNarrow ? ID_CHARACTERS_MAX : WIDE_ID_CHARACTERS_MAX)
  const [pattern, allowed] = isNarrow ? [ID_PATTERN, ID_ALLOWED] : [WIDE_ID_PATTERN, WIDE_ID_ALLOWED]
  if (!pattern.test(id)) throw invalid(field, charactersRule(id, pattern, allowed), id)
  return id
}

function toDetail(detail: Members, hasStatus: boolean): string {
  refuseInexact(detail, 'resource_detail')
  const text = JSON.stringify(hasStatus && detail.status === undefined ? { status: STATUS_DEFAULT, ...detail } : detail)
  // Encoding is skipped for short texts: UTF-8 takes at most three bytes per UTF-16 code unit.
  if (text.length * 3 > DETAIL_BYTES_MAX && utf8.encode(text).length > DETAIL_BYTES_MAX) {
    throw invalid('resource_detail', { name: 'bytes-max', limit: DETAIL_BYTES_MAX })
  }
  return text
}

/** Refuses integers beyond 2^53: parsing has rounded them, so an export would differ from the import. */
function refuseInexact(value: unknown, field: string): void {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw invalid(field, { name: 'type', expected: 'a whole number below 2^53, or a text' })
  }
  if (typeof value !== 'object' || value === null) return
  for (const name in value) {
    const member = (value as Members)[name]
    if (typeof member === 'number' || typeof member === 'object') refuseInexact(member, `${field}.${name}`)
  }
}

/** Drops members that are null: most programs write nothing in this way. */
function withoutNulls(members: Members): Members {
  for (const name in members) {
    if (members[name] === null) return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
  }
  return members
}

function checkLength(text: string, field: string, min: number, max: number): void {
  if (text.length < min) throw invalid(field, { name: 'not-blank' }, text)
  const actual = countCodePoints(text)
  if (actual > max) throw invalid(field, { name: 'characters-max', limit: max, actual }, text)
}
