import { similarName } from '../../core/similar-name.ts'

/** What the columns of a CSV file hold, by their index. */
export type CsvColumns = {
  /** Columns that are members of a line, by the name of the member. */
  readonly members: ReadonlyMap<string, number>
  /** Columns with one tag each. */
  readonly tags: readonly TagColumn[]
  /** The columns of a file with one row per tag; undefined for one row per resource. */
  readonly pair: { readonly key: number; readonly value: number } | undefined
  /** Names of the columns that are not imported. */
  readonly ignored: readonly string[]
  readonly count: number
}

export type TagColumn = {
  readonly index: number
  readonly key: string
  /** True for a column as the Tag Editor of AWS writes it. */
  readonly isAws: boolean
}

/** Members of a line, by the names of their columns in the files of this program and of others. */
const MEMBER_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  resource_type: ['resource_type', 'type'],
  project: ['project'],
  resource_id: ['resource_id', 'identifier', 'id'],
  resource_name: ['resource_name', 'name'],
  created_at: ['created_at'],
  updated_at: ['updated_at'],
  resource_detail: ['resource_detail', 'detail'],
}
const KEY_COLUMNS = ['key', 'tag_key']
const VALUE_COLUMNS = ['value', 'tag_value']
const KNOWN = [...Object.values(MEMBER_COLUMNS).flat(), ...KEY_COLUMNS, ...VALUE_COLUMNS]
/** Columns of an export of the Tag Editor of AWS that say nothing about tags. `tags` is their number. */
const AWS_COLUMNS = ['service', 'region', 'account', 'account_id', 'owner', 'arn', 'resource_arn', 'tags']
const OWN_TAG_PREFIX = 'tag:'

/** Gives the separator of a file: the one at which its header has a column of ids. Throws if there is none. */
export function separatorOf(header: string): string {
  const isId = (cell: string) => MEMBER_COLUMNS.resource_id?.includes(normalized(cell.replaceAll('"', '')))
  const separator = [',', ';', '\t', '|'].find((each) => header.split(each).some(isId))
  if (separator !== undefined) return separator
  throw new Error(
    `this is a CSV file whose first row names no column with the ids of resources: name it resource_id (got ${JSON.stringify(header.slice(0, 200))})`,
  )
}

/** Reads the header of a CSV file. Throws for a column that is not known, unless it is to be ignored. */
export function columnsOf(header: readonly string[], ignoredNames: readonly string[]): CsvColumns {
  const members = new Map<string, number>()
  const pair = new Map<string, number>()
  const tags: TagColumn[] = []
  const ignored: string[] = []
  const isAws = header.some((cell) => /^tag: /i.test(cell)) && header.some((cell) => normalized(cell) === 'identifier')
  const ignore = new Set(ignoredNames.map(normalized))
  const set = (map: Map<string, number>, name: string, index: number) => {
    const other = map.get(name)
    if (other !== undefined) {
      throw new Error(`line 1: the columns "${header[other]}" and "${header[index]}" are both ${name}`)
    }
    map.set(name, index)
  }
  for (const [index, cell] of header.entries()) {
    const name = normalized(cell)
    const member = Object.keys(MEMBER_COLUMNS).find((each) => MEMBER_COLUMNS[each]?.includes(name))
    if (ignore.has(name)) ignored.push(cell)
    else if (/^tag:/i.test(cell)) tags.push(toTagColumn(cell, index, isAws))
    else if (member !== undefined) set(members, member, index)
    else if (KEY_COLUMNS.includes(name)) set(pair, 'key', index)
    else if (VALUE_COLUMNS.includes(name)) set(pair, 'value', index)
    else if (isAws && AWS_COLUMNS.includes(name)) ignored.push(cell)
    else throw unknownColumn(cell, index)
  }
  refuseRepeatedTag(tags)
  return { members, tags, pair: toPair(pair, tags), ignored, count: header.length }
}

function toTagColumn(cell: string, index: number, isAws: boolean): TagColumn {
  const key = cell.slice(OWN_TAG_PREFIX.length)
  return { index, key: cell.startsWith(OWN_TAG_PREFIX) ? key : key.trim(), isAws }
}

function toPair(pair: ReadonlyMap<string, number>, tags: readonly TagColumn[]): CsvColumns['pair'] {
  const [key, value] = [pair.get('key'), pair.get('value')]
  if (key === undefined && value === undefined) return undefined
  if (key === undefined || value === undefined) {
    throw new Error(
      `line 1: a file with one row per tag has the columns key and value, and this one has only one of them`,
    )
  }
  if (tags.length > 0) {
    throw new Error('line 1: tags are either in the columns key and value or in columns such as tag:env, not in both')
  }
  return { key, value }
}

function refuseRepeatedTag(tags: readonly TagColumn[]): void {
  const seen = new Set<string>()
  for (const { key } of tags) {
    if (seen.has(key)) throw new Error(`line 1: two columns are the tag "${key}"`)
    seen.add(key)
  }
}

function unknownColumn(cell: string, index: number): Error {
  const similar = similarName(normalized(cell), KNOWN)
  const remedy =
    similar === undefined
      ? `Name it tag:${cell || 'KEY'} if it is a tag, or leave it out with --ignore-column`
      : `Did you mean ${similar}? Otherwise name it tag:${cell} if it is a tag, or leave it out with --ignore-column`
  return new Error(`line 1: column ${index + 1} is not known (got ${JSON.stringify(cell)}). ${remedy}`)
}

/** A name of a column without regard to case and to blanks in place of underscores. */
function normalized(cell: string): string {
  return cell.trim().toLowerCase().replaceAll(' ', '_')
}
