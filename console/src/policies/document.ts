/** A policy as JSON, which may break every rule. */
export type PolicyDocument = { readonly [member: string]: unknown }

/** What the form shows of one key. */
export type PolicyBlock = {
  /** Name of the block, from which the key is known whatever its case. */
  readonly name: string
  /** The spelling of the key; undefined if the policy does not say it: lower case. */
  readonly spelling: string | undefined
  readonly values: readonly string[]
  readonly enforcedFor: readonly string[]
  readonly requiredFor: readonly string[]
  readonly requiredOnCreate: boolean
  /** Paths of what only the JSON shows, such as `tag_value.@@append`. */
  readonly others: readonly string[]
}

export const LISTS = {
  values: 'tag_value',
  enforcedFor: 'enforced_for',
  requiredFor: 'report_required_tag_for',
} as const
export type ListName = keyof typeof LISTS

const ASSIGN = '@@assign'
const OWN = ['tag_key', ...Object.values(LISTS), 'required_on_create']

/** Parses the text of a policy. */
export function parseDocument(
  text: string,
):
  | { readonly document: PolicyDocument; readonly fault?: undefined }
  | { readonly document?: undefined; readonly fault: string } {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? { document: value } : { fault: 'not-object' }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

const WIDTH = 76
/** From here on, what fits stands in one line: settings such as `{ "@@assign": ["prod", "test"] }`. */
const INLINE_DEPTH = 3

/** Prints a policy as people write it: two blanks a level, a setting in one line. */
export function printDocument(document: PolicyDocument): string {
  return printValue(document, 0)
}

function printValue(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const entries = Array.isArray(value) ? value.map((item) => ['', item] as const) : Object.entries(value)
  if (entries.length === 0) return `${open}${close}`
  const name = (member: string) => (Array.isArray(value) ? '' : `${JSON.stringify(member)}: `)
  const items = entries.map(([member, item]) => name(member) + printValue(item, depth + 1))
  const blank = Array.isArray(value) ? '' : ' '
  const line = `${open}${blank}${items.join(', ')}${blank}${close}`
  const indent = '  '.repeat(depth)
  if (depth >= INLINE_DEPTH && !line.includes('\n') && indent.length + line.length <= WIDTH) return line
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}${close}`
}

/** Reads the blocks of a policy; undefined if the form cannot show them, because some member is of another type. */
export function blocksOf(document: PolicyDocument): readonly PolicyBlock[] | undefined {
  const tags = document.tags ?? {}
  if (!isObject(tags)) return undefined
  const blocks = Object.entries(tags)
    .filter(([name]) => !name.startsWith('@@'))
    .map(([name, block]) => (isObject(block) ? blockOf(name, block) : undefined))
  return blocks.every((block) => block !== undefined) ? blocks : undefined
}

function blockOf(name: string, block: PolicyDocument): PolicyBlock | undefined {
  const spelling = assigned(block.tag_key)
  const values = listOf(block.tag_value)
  const enforcedFor = listOf(block.enforced_for)
  const requiredFor = listOf(block.report_required_tag_for)
  const flag =
    typeof block.required_on_create === 'boolean' ? block.required_on_create : assigned(block.required_on_create)
  if (spelling !== undefined && typeof spelling !== 'string') return undefined
  if (values === undefined || enforcedFor === undefined || requiredFor === undefined) return undefined
  if (flag !== undefined && typeof flag !== 'boolean') return undefined
  const others = Object.entries(block).flatMap(([member, value]) => {
    if (!OWN.includes(member)) return [member]
    return isObject(value)
      ? Object.keys(value)
          .filter((each) => each !== ASSIGN)
          .map((each) => `${member}.${each}`)
      : []
  })
  return { name, spelling, values, enforcedFor, requiredFor, requiredOnCreate: flag ?? false, others }
}

/** Whether a policy refuses anything, as far as the form can tell. */
export function enforcesNothing(document: PolicyDocument): boolean {
  const blocks = blocksOf(document) ?? []
  return blocks.every(({ enforcedFor, requiredOnCreate, others }) => {
    return enforcedFor.length === 0 && !requiredOnCreate && others.length === 0
  })
}

/** Adds a key. One that is there stays as it is. */
export function withBlock(document: PolicyDocument, key: string): PolicyDocument {
  const tags = tagsOf(document)
  if (Object.hasOwn(tags, key)) return document
  return { ...document, tags: { ...tags, [key]: { tag_key: { [ASSIGN]: key } } } }
}

export function withoutBlock(document: PolicyDocument, name: string): PolicyDocument {
  return { ...document, tags: Object.fromEntries(Object.entries(tagsOf(document)).filter(([each]) => each !== name)) }
}

/** Spells the key of a block in another way; the block keeps its place. */
export function withSpelling(document: PolicyDocument, name: string, spelling: string): PolicyDocument {
  const change = (block: PolicyDocument) => ({ ...block, tag_key: { ...members(block.tag_key), [ASSIGN]: spelling } })
  return withChanged(document, name, spelling, change)
}

/** Sets a list of a block. An empty list removes what the form shows of it. */
export function withList(
  document: PolicyDocument,
  name: string,
  list: ListName,
  items: readonly string[],
): PolicyDocument {
  return withChanged(document, name, name, (block) =>
    withMember(block, LISTS[list], items.length > 0 ? items : undefined),
  )
}

export function withRequiredOnCreate(document: PolicyDocument, name: string, isRequired: boolean): PolicyDocument {
  return withChanged(document, name, name, ({ required_on_create, ...block }) => {
    const rest = members(required_on_create)
    if (Object.keys(rest).length > 0) return { ...block, required_on_create: { ...rest, [ASSIGN]: isRequired } }
    return isRequired ? { ...block, required_on_create: true } : block
  })
}

function withMember(block: PolicyDocument, member: string, items: readonly string[] | undefined): PolicyDocument {
  const { [ASSIGN]: _, ...operators } = members(block[member])
  const setting = items === undefined ? operators : { [ASSIGN]: items, ...operators }
  const { [member]: __, ...others } = block
  return Object.keys(setting).length === 0 ? others : { ...block, [member]: setting }
}

function withChanged(
  document: PolicyDocument,
  name: string,
  newName: string,
  change: (block: PolicyDocument) => PolicyDocument,
): PolicyDocument {
  const entries = Object.entries(tagsOf(document)).map(([each, block]) =>
    each === name ? [newName, change(members(block))] : [each, block],
  )
  return { ...document, tags: Object.fromEntries(entries) }
}

function tagsOf(document: PolicyDocument): PolicyDocument {
  return members(document.tags)
}

function members(value: unknown): PolicyDocument {
  return isObject(value) ? value : {}
}

function assigned(setting: unknown): unknown {
  if (setting === undefined) return undefined
  // Another type than an object is no setting: null is of no type that the form can show.
  return isObject(setting) ? setting[ASSIGN] : null
}

/** The assigned texts of a setting; undefined for anything else. */
function listOf(setting: unknown): readonly string[] | undefined {
  const value = assigned(setting)
  if (value === undefined) return []
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined
}

function isObject(value: unknown): value is PolicyDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
