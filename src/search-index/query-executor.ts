import { matches } from '../core/matches.ts'
import type { TagQuery } from '../core/tag-query.ts'
import { foldCase } from '../core/text.ts'
import type { DetailColumn } from './detail-column.ts'
import type { IndexStorage } from './index-state.ts'
import { type PageShape, PreparedShape } from './json-page.ts'
import { BLOCK_BYTES, TABLES, TABLES_WORDS } from './kernels/abi.ts'
import type { Masks } from './kernels/kernels.ts'
import { encodeFolded, encodeText } from './memory/encoded-text.ts'
import { Scratch } from './memory/scratch.ts'
import { blocksUpTo } from './name-column.ts'
import type { Operand } from './postings.ts'
import { type Job, ProgramRunner } from './program-runner.ts'
import { marksOf, type Plan, Program, planOf, sizeOf } from './query-plan.ts'
import type { JsonPage, Page, QueryRequest } from './query-request.ts'

/** Up to this many candidates, or this part of all slots, are looked at one by one. */
const CANDIDATES_MIN = 256
const CANDIDATES_SHIFT = 8
/** A shorter program is not worth looking at single resources for. */
const STEPS_TO_CHECK_MIN = 9
const NO_MASKS: Masks = { required: 0, excluded: 0, notAll: 0, includeKeys: 0 }
const U32_MAX = 0xffff_ffff
const PAGE_BYTES_FIRST = 65_536
/** Room for one resource on a page, so that most pages are written at once. */
const RESOURCE_BYTES = 768
/** Kernels read and write in steps, past the end of what they are for. */
const MARGIN_BYTES = 64

const NOTHING = new Uint8Array(0)

/** Answers queries over the parts of an index. What `matches` says of each resource is the measure of it. */
export class QueryExecutor {
  readonly #parts: IndexStorage
  readonly #scratch: Record<'layout' | 'registers' | 'slots' | 'many' | 'mask' | 'needle' | 'page', Scratch>
  readonly #jobs: ProgramRunner
  readonly #shapes = new Map<PageShape, PreparedShape>()

  constructor(parts: IndexStorage) {
    this.#parts = parts
    const scratch = () => new Scratch(parts.arena)
    this.#scratch = {
      ...{ layout: scratch(), registers: scratch(), slots: scratch(), many: scratch() },
      ...{ mask: scratch(), needle: scratch(), page: scratch() },
    }
    this.#jobs = new ProgramRunner(parts.arena)
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
  findJson(query: TagQuery, offset: number, limit: number, shape: PageShape): JsonPage {
    const { total, count } = this.#page(query, offset, limit)
    const json = this.#write(this.#scratch.slots.address, count, shape)
    this.#scratch.slots.shrink()
    return { total, json }
  }

  /** Gives a live slot in a shape, as a view that is valid until the next call. */
  show(slot: number, shape: PageShape): Uint8Array {
    const slots = this.#scratch.slots.reserve(4)
    this.#parts.arena.u32[slots >>> 2] = slot
    return this.#write(slots, 1, shape)
  }

  /** Answers questions one after the other, in order; those about tags are worked out together. */
  *answer(questions: readonly QueryRequest[]): Generator<JsonPage> {
    const together = this.#workOutTogether(questions)
    for (const [i, { query, offset, limit, shape }] of questions.entries()) {
      const found = together.get(i)
      if (found === undefined) {
        if (shape === undefined) yield { total: this.count(query), json: NOTHING }
        else yield this.findJson(query, offset, limit, shape)
      } else {
        const { total, out } = found
        const count = Math.max(0, Math.min(total - offset, limit))
        yield { total, json: shape === undefined ? NOTHING : this.#write(out, count, shape) }
      }
    }
    this.#scratch.many.shrink()
  }

  /** Works out those that are worth it; gives by their places how many match, and where the slots of the page are. */
  #workOutTogether(
    questions: readonly QueryRequest[],
  ): ReadonlyMap<number, { readonly total: number; readonly out: number }> {
    const { dictionary, slotCount } = this.#parts
    const plans = new Map<number, Plan>()
    let slots = 0
    if (questions.length > 1) {
      for (const [i, { query, offset, limit }] of questions.entries()) {
        const plan = offset < slotCount && !asksForMore(query) ? planOf(dictionary, query) : undefined
        if (plan === undefined || this.#isCheap(plan, { offset, limit })) continue
        plans.set(i, plan)
        slots += this.#roomFor(plan, limit)
      }
    }
    if (plans.size < 2) return new Map()
    let out = this.#scratch.many.reserve(slots * 4)
    const jobs = new Map<number, Job>()
    for (const [i, plan] of plans) {
      const { offset, limit } = questions[i]!
      const room = this.#roomFor(plan, limit)
      const program = Program.of(dictionary, slotCount, plan, undefined)
      jobs.set(i, { program, masks: NO_MASKS, offset, limit: room, out })
      out += room * 4
    }
    const totals = this.#jobs.run(this.#layout(), blocksUpTo(slotCount), [...jobs.values()])
    return new Map(Array.from(jobs, ([i, job], place) => [i, { total: totals[place]!, out: job.out }]))
  }

  /** How many slots a page can have at most. */
  #roomFor({ needs }: Plan, limit: number): number {
    return Math.min(limit, sizeOf(this.#parts.dictionary, needs[0]))
  }

  /** Puts slots into a shape, as a view that is valid until the next call. */
  #write(slots: number, count: number, shape: PageShape): Uint8Array {
    if (count === 0) return NOTHING
    const { page } = this.#scratch
    const { arena, detailOf } = this.#parts
    page.shrink()
    const prepared = this.#prepared(shape)
    for (let i = 0; i < count; i++) prepared.render(detailOf.get(arena.u32[(slots >>> 2) + i]!))
    for (let bytes = Math.max(page.bytes, PAGE_BYTES_FIRST, count * RESOURCE_BYTES); ; bytes *= 2) {
      page.reserve(bytes)
      const layout = this.#layout(prepared)
      const room = page.address + page.bytes - MARGIN_BYTES
      const args = [prepared.pieces, prepared.count, page.address, room] as const
      const end = arena.kernels.writePage(layout, slots, count, ...args) >>> 0
      if (end !== 0) return arena.u8.subarray(page.address, end)
    }
  }

  /** Has to be told before a detail is let go of: its number may be another's at once. */
  forgetDetail(detail: number, details: DetailColumn): void {
    if (details.isLast(detail)) for (const shape of this.#shapes.values()) shape.forget(detail)
  }

  /** Lets go of all that is not the index itself. */
  clear(): void {
    for (const scratch of Object.values(this.#scratch)) scratch.free()
    this.#jobs.free()
    for (const shape of this.#shapes.values()) shape.free()
    this.#shapes.clear()
  }

  #page(query: TagQuery, offset: number, limit: number): { readonly total: number; readonly count: number } {
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
    return asksForMore(query) ? this.#searchNames(plan, query, page) : this.#searchTags(plan, page)
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
    const [first] = plan.needs
    this.#scratch.slots.reserve(this.#roomFor(plan, page.limit) * 4)
    if (!this.#isCheap(plan, page)) return this.#evaluate(plan, undefined, page)
    if (isPlain(plan) && this.#endsBefore(plan, page)) return sizeOf(this.#parts.dictionary, first)
    return this.#checkEach(plan, first[0]!, page) ?? this.#evaluate(plan, undefined, page)
  }

  /** True: the answer is known as it is, or there are so few candidates that each can be looked at. */
  #isCheap(plan: Plan, page: Page): boolean {
    const { dictionary, slotCount } = this.#parts
    const [first] = plan.needs
    if (isPlain(plan) && this.#endsBefore(plan, page)) return true
    const isList = first.length === 1 && dictionary.postings.isList(first[0]!)
    return isList && sizeOf(dictionary, first) <= Math.max(CANDIDATES_MIN, slotCount >>> CANDIDATES_SHIFT)
  }

  /** True: nothing of what is found is on the page. */
  #endsBefore({ needs }: Plan, { offset, limit }: Page): boolean {
    return limit === 0 || offset >= sizeOf(this.#parts.dictionary, needs[0])
  }

  /** Looks at each member of a list; undefined when there are too many conditions for that. */
  #checkEach(plan: Plan, term: number, page: Page): number | undefined {
    const { arena, dictionary } = this.#parts
    const marked = marksOf(dictionary, plan)
    if (marked === undefined) return undefined
    const layout = this.#layout()
    const { address, length } = dictionary.postings.operand(term)
    return this.#withMarks(marked.marks, () => {
      const { required, excluded, notAll, includeKeys } = marked.masks
      const args = [
        required,
        excluded,
        notAll,
        includeKeys,
        page.offset,
        page.limit,
        this.#scratch.slots.address,
      ] as const
      return arena.kernels.check(layout, address, length, ...args) >>> 0
    })
  }

  /** Works a plan out by itself; gives how many match, and writes the slots of the page to the scratch for slots. */
  #evaluate(plan: Plan, within: Operand | undefined, { offset, limit }: Page): number {
    const { arena, dictionary, slotCount } = this.#parts
    const program = Program.of(dictionary, slotCount, plan, within)
    const run = (masks: Masks) => {
      const job = { program, masks, offset, limit, out: this.#scratch.slots.address }
      return this.#jobs.run(this.#layout(), blocksUpTo(slotCount), [job])[0]!
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
    layout.reserve(TABLES_WORDS * 4)
    registers.reserve(3 * BLOCK_BYTES)
    const at = layout.address >>> 2
    const { u32 } = arena
    u32[at + TABLES.registers] = registers.address
    u32[at + TABLES.tagLists] = runs.table
    u32[at + TABLES.tagCounts] = lengths.table
    u32[at + TABLES.parents] = dictionary.parents.table
    u32[at + TABLES.marks] = dictionary.marks.table
    u32[at + TABLES.termTexts] = dictionary.texts.table
    u32[at + TABLES.idBytes] = ids.bytes.table
    u32[at + TABLES.idKinds] = ids.kinds.table
    u32[at + TABLES.names] = names.texts.table
    u32[at + TABLES.detailOf] = detailOf.table
    u32[at + TABLES.renderedDetails] = shape?.rendered.table ?? 0
    return layout.address
  }
}

/** True: the question is not only about tags. */
function asksForMore({ id, nameEquals, nameContains = '' }: TagQuery): boolean {
  return id !== undefined || nameEquals !== undefined || nameContains !== ''
}

/** True: a resource only has to have one tag, or to be there. */
function isPlain({ needs, bars, notAll }: Plan): boolean {
  return needs.length === 1 && needs[0].length === 1 && bars.length === 0 && notAll.length === 0
}

/** Half a surrogate pair has no bytes of its own, and what stands in for it must not be taken for it. */
function isComparable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\ufffd')
}
