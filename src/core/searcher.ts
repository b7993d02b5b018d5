import type { Details } from './details.ts'
import type { IndexParts } from './index-parts.ts'
import { BLOCK_BYTES, LAYOUT, LAYOUT_WORDS, type Masks } from './kernels.ts'
import { matches } from './matches.ts'
import { blocksUpTo } from './names.ts'
import { type PageShape, PreparedShape } from './page-shape.ts'
import type { Operand } from './postings.ts'
import { Scratch } from './scratch.ts'
import type { TagQuery } from './tag-query.ts'
import { marksOf, type Plan, Program, planOf, sizeOf } from './tag-search.ts'
import { foldCase } from './text.ts'
import { encodeFolded, encodeText } from './texts.ts'

/** Up to this many candidates, or this part of all slots, are looked at one by one. */
const CANDIDATES_MIN = 256
const CANDIDATES_SHIFT = 8
/** A shorter program is not worth looking at single resources for. */
const STEPS_TO_CHECK_MIN = 9
const NO_MASKS: Masks = { need: 0, bar: 0, notAll: 0, withKeys: 0 }
const U32_MAX = 0xffff_ffff
const PAGE_BYTES_FIRST = 65_536
/** Kernels read and write in steps, past the end of what they are for. */
const MARGIN_BYTES = 64

/** Where the answer to a query lies. */
type Page = { readonly offset: number; readonly limit: number }

/** Answers queries over the parts of an index. What `matches` says of each resource is the measure of it. */
export class Searcher {
  readonly #parts: IndexParts
  readonly #scratch: Record<'layout' | 'registers' | 'program' | 'slots' | 'mask' | 'needle' | 'page', Scratch>
  readonly #shapes = new Map<PageShape, PreparedShape>()

  constructor(parts: IndexParts) {
    this.#parts = parts
    const scratch = () => new Scratch(parts.arena)
    this.#scratch = {
      ...{ layout: scratch(), registers: scratch(), program: scratch(), slots: scratch() },
      ...{ mask: scratch(), needle: scratch(), page: scratch() },
    }
  }

  /** Gives how many match, and the slots of a page of them in ascending order. */
  find(query: TagQuery, offset: number, limit: number): { readonly total: number; readonly slots: Uint32Array } {
    const { total, count } = this.#page(query, offset, limit)
    const { slots } = this.#scratch
    const start = slots.address >>> 2
    const page = count === 0 ? new Uint32Array(0) : this.#parts.arena.u32.slice(start, start + count)
    slots.shrink()
    return { total, slots: page }
  }

  count(query: TagQuery): number {
    const total = this.#search(query, { offset: 0, limit: 0 })
    this.#scratch.slots.shrink()
    return total
  }

  /** Gives how many match, and a page of them in a shape, as a view that is valid until the next call. */
  findJson(query: TagQuery, offset: number, limit: number, shape: PageShape): { total: number; json: Uint8Array } {
    const { total, count } = this.#page(query, offset, limit)
    if (count === 0) return { total, json: new Uint8Array(0) }
    const { slots, page } = this.#scratch
    const { arena, detailOf } = this.#parts
    const prepared = this.#prepared(shape)
    for (let i = 0; i < count; i++) prepared.render(detailOf.get(arena.u32[(slots.address >>> 2) + i]!))
    for (let bytes = Math.max(page.bytes, PAGE_BYTES_FIRST); ; bytes *= 2) {
      page.reserve(bytes)
      const layout = this.#layout(prepared)
      const room = page.address + page.bytes - MARGIN_BYTES
      const args = [prepared.pieces, prepared.count, page.address, room] as const
      const end = arena.kernels.writePage(layout, slots.address, count, ...args) >>> 0
      if (end === 0) continue
      slots.shrink()
      return { total, json: arena.u8.subarray(page.address, end) }
    }
  }

  /** Has to be told before a detail is let go of: its number may be another's at once. */
  forgetDetail(detail: number, details: Details): void {
    if (details.isLast(detail)) for (const shape of this.#shapes.values()) shape.forget(detail)
  }

  /** Lets go of all that is not the index itself. */
  clear(): void {
    for (const scratch of Object.values(this.#scratch)) scratch.free()
    for (const shape of this.#shapes.values()) shape.free()
    this.#shapes.clear()
  }

  #page(query: TagQuery, offset: number, limit: number): { readonly total: number; readonly count: number } {
    this.#scratch.page.shrink()
    // What lies past every slot is past the reach of a kernel too.
    const isPast = offset >= this.#parts.slotCount
    const total = this.#search(query, isPast ? { offset: 0, limit: 0 } : { offset, limit: Math.min(limit, U32_MAX) })
    return { total, count: isPast ? 0 : Math.max(0, Math.min(total - offset, limit)) }
  }

  #prepared(shape: PageShape): PreparedShape {
    let prepared = this.#shapes.get(shape)
    if (prepared === undefined) {
      prepared = new PreparedShape(this.#parts.arena, this.#parts.details, shape)
      this.#shapes.set(shape, prepared)
    }
    return prepared
  }

  /** Gives how many match, and writes the slots of a page of them to the scratch for slots. */
  #search(query: TagQuery, page: Page): number {
    if (this.#parts.size === 0) return 0
    if (query.id !== undefined) return this.#searchId(query, query.id, page)
    const plan = planOf(this.#parts.dictionary, query)
    if (plan === undefined) return 0
    const asksForName = query.nameEquals !== undefined || (query.nameContains ?? '') !== ''
    return asksForName ? this.#searchNames(plan, query, page) : this.#searchTags(plan, page)
  }

  #searchId(query: TagQuery, id: string, { offset, limit }: Page): number {
    const { arena, ids, dictionary, names } = this.#parts
    const slot = ids.find(id)
    if (slot === -1) return 0
    const tags = Array.from(this.#parts.pairsOf(slot), (pair) => dictionary.tag(pair))
    if (!matches({ id, name: names.read(slot), tags }, query)) return 0
    const slots = this.#scratch.slots.reserve(4)
    if (offset === 0 && limit > 0) arena.u32[slots >>> 2] = slot
    return 1
  }

  #searchTags(plan: Plan, page: Page): number {
    const { dictionary, slotCount } = this.#parts
    const { postings } = dictionary
    const [first] = plan.needs
    const size = sizeOf(dictionary, first)
    const isPlain = plan.needs.length === 1 && plan.bars.length === 0 && plan.notAll.length === 0
    if (isPlain && first.length === 1 && (page.limit === 0 || page.offset >= size)) return size
    this.#scratch.slots.reserve(Math.min(page.limit, size) * 4)
    const candidatesMax = Math.max(CANDIDATES_MIN, slotCount >>> CANDIDATES_SHIFT)
    const isList = first.length === 1 && postings.isList(first[0]!)
    const found = isList && size <= candidatesMax ? this.#checkEach(plan, first[0]!, page) : undefined
    return found ?? this.#evaluate(plan, undefined, page)
  }

  /** Looks at each member of a list; undefined when there are too many conditions for that. */
  #checkEach(plan: Plan, term: number, page: Page): number | undefined {
    const { arena, dictionary } = this.#parts
    const marked = marksOf(dictionary, plan)
    if (marked === undefined) return undefined
    const layout = this.#layout()
    const { address, length } = dictionary.postings.operand(term)
    return this.#withMarks(marked.marks, () => {
      const { need, bar, notAll, withKeys } = marked.masks
      const args = [need, bar, notAll, withKeys, page.offset, page.limit, this.#scratch.slots.address] as const
      return arena.kernels.check(layout, address, length, ...args) >>> 0
    })
  }

  #evaluate(plan: Plan, within: Operand | undefined, page: Page): number {
    const { arena, dictionary, slotCount } = this.#parts
    const program = Program.of(dictionary, slotCount, plan, within)
    const scratch = this.#scratch.program
    scratch.reserve(program.bytes)
    const layout = this.#layout()
    program.write(arena.u32, scratch.address >>> 2)
    const run = ({ need, bar, notAll, withKeys }: Masks) => {
      const args = [need, bar, notAll, withKeys, page.offset, page.limit, this.#scratch.slots.address] as const
      return arena.kernels.evaluate(layout, scratch.address, program.length, blocksUpTo(slotCount), ...args) >>> 0
    }
    const mayCheck = program.length >= STEPS_TO_CHECK_MIN && arena.kernels.isFast
    const marked = mayCheck ? marksOf(dictionary, plan) : undefined
    return marked === undefined ? run(NO_MASKS) : this.#withMarks(marked.marks, () => run(marked.masks))
  }

  #withMarks<T>(marks: ReadonlyMap<number, number>, work: () => T): T {
    const column = this.#parts.dictionary.marks
    for (const [term, bits] of marks) column.set(term, bits)
    try {
      return work()
    } finally {
      for (const term of marks.keys()) column.set(term, 0)
    }
  }

  /** Finds all candidates by their tags and by what is known of names, and looks at each one's name. */
  #searchNames(plan: Plan, { nameContains = '', nameEquals }: TagQuery, { offset, limit }: Page): number {
    const { arena, dictionary, size } = this.#parts
    const { slots, mask } = this.#scratch
    const all = { offset: 0, limit: Math.min(sizeOf(dictionary, plan.needs[0]), size) }
    const within = this.#maskOf(nameEquals ?? nameContains)
    slots.reserve(all.limit * 4)
    let count = within === undefined ? this.#searchTags(plan, all) : this.#evaluate(plan, within, all)
    mask.shrink()
    if (nameContains !== '') count = this.#filterByPart(count, nameContains)
    if (nameEquals !== undefined) {
      const { bytes, length } = encodeText(nameEquals)
      count = this.#filterNames(count, bytes, length, 1)
    }
    const start = slots.address >>> 2
    if (offset > 0 && limit > 0) arena.u32.copyWithin(start, start + offset, start + Math.min(count, offset + limit))
    return count
  }

  /** The slots whose names may have a text in them, letter case aside; undefined for all. */
  #maskOf(text: string): Operand | undefined {
    if (!isComparable(text)) return undefined
    const { bytes, length } = encodeFolded(text)
    return this.#parts.names.mayContain(bytes, length, (room) => this.#scratch.mask.reserve(room))
  }

  #filterByPart(count: number, text: string): number {
    if (isComparable(text)) {
      const { bytes, length } = encodeFolded(text)
      return this.#filterNames(count, bytes, length, 0)
    }
    const { arena, names } = this.#parts
    const folded = foldCase(text)
    const start = this.#scratch.slots.address >>> 2
    let kept = 0
    for (let i = 0; i < count; i++) {
      const slot = arena.u32[start + i]!
      if (foldCase(names.read(slot)).includes(folded)) arena.u32[start + kept++] = slot
    }
    return kept
  }

  #filterNames(count: number, needle: Uint8Array, length: number, whole: number): number {
    const { arena } = this.#parts
    const { slots, needle: scratch } = this.#scratch
    scratch.reserve(length + MARGIN_BYTES)
    arena.u8.set(needle.subarray(0, length), scratch.address)
    const layout = this.#layout()
    // What is kept is written where the list was read before.
    const args = [slots.address, count, scratch.address, length, whole, slots.address] as const
    return arena.kernels.filterNames(layout, ...args) >>> 0
  }

  /** Writes down where everything lies for the kernels; gives the address. */
  #layout(shape?: PreparedShape): number {
    const { layout, registers } = this.#scratch
    const { arena, runs, lengths, dictionary, ids, names, detailOf } = this.#parts
    layout.reserve(LAYOUT_WORDS * 4)
    registers.reserve(3 * BLOCK_BYTES)
    const at = layout.address >>> 2
    const { u32 } = arena
    u32[at + LAYOUT.registers] = registers.address
    u32[at + LAYOUT.runs] = runs.table
    u32[at + LAYOUT.lengths] = lengths.table
    u32[at + LAYOUT.parents] = dictionary.parents.table
    u32[at + LAYOUT.marks] = dictionary.marks.table
    u32[at + LAYOUT.texts] = dictionary.texts.table
    u32[at + LAYOUT.idBytes] = ids.bytes.table
    u32[at + LAYOUT.idKinds] = ids.kinds.table
    u32[at + LAYOUT.names] = names.texts.table
    u32[at + LAYOUT.details] = detailOf.table
    u32[at + LAYOUT.rendered] = shape?.rendered.table ?? 0
    return layout.address
  }
}

/** Half a surrogate pair has no bytes of its own, and what stands in for it must not be taken for it. */
function isComparable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\ufffd')
}
