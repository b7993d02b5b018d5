import type { DetailColumn } from './detail-column.ts'
import { PIECE_KIND, PIECE_WORDS } from './kernels/abi.ts'
import type { Arena } from './memory/arena.ts'
import { U32Column } from './memory/column.ts'
import { bytesOf, encodeRaw, freeText, isEncoded, storeText } from './memory/encoded-text.ts'

/**
 * How a resource looks on a page of JSON: texts between which its parts stand, each as JSON has it; id and name without
 * quotes, tags as objects of `key` and `value` without the brackets around them.
 */
export type PageShape = {
  readonly pieces: readonly ({ readonly text: string } | 'id' | 'name' | 'detail' | 'tags')[]
  /** Gives the JSON of a detail as this shape shows it. */
  readonly detail: (detail: string) => string
}

/** The words around keys and values, sixteen bytes each. */
const TAG_WORDS = [',{"key":"', '","value":"', '"}'].map((word) => word.padEnd(16)).join('')

/** A shape with its words in an arena, and the details as it shows them. */
export class PreparedShape {
  /** Address of the pieces for the kernels. */
  readonly pieces: number
  readonly count: number
  /** Addresses of details by number, 0 for those not shown yet. */
  readonly rendered: U32Column
  readonly #arena: Arena
  readonly #details: DetailColumn
  readonly #shape: PageShape
  readonly #words: number[] = []

  constructor(arena: Arena, details: DetailColumn, shape: PageShape) {
    this.#arena = arena
    this.#details = details
    this.#shape = shape
    this.rendered = new U32Column(arena)
    this.count = shape.pieces.length
    const pieces = shape.pieces.map((piece) => this.#prepare(piece))
    this.pieces = arena.alloc(this.count * PIECE_WORDS * 4)
    arena.u32.set(pieces.flat(), this.pieces >>> 2)
  }

  /** Makes sure that the detail of a number can be shown. */
  render(detail: number): void {
    const from = this.rendered.length
    if (detail >= from) {
      this.rendered.resize(detail + 1)
      for (let i = from; i <= detail; i++) this.rendered.set(i, 0)
    }
    if (this.rendered.get(detail) !== 0) return
    const original = this.#details.texts.get(detail)
    encodeRaw(this.#shape.detail(this.#details.read(detail)))
    this.rendered.set(detail, isEncoded(this.#arena, original) ? original : storeText(this.#arena))
  }

  /** Forgets how a detail is shown, before its number goes to another. */
  forget(detail: number): void {
    if (detail >= this.rendered.length) return
    const text = this.rendered.get(detail)
    if (text !== 0 && text !== this.#details.texts.get(detail)) freeText(this.#arena, text)
    this.rendered.set(detail, 0)
  }

  /** Lets go of everything. */
  free(): void {
    for (let detail = 0; detail < this.rendered.length; detail++) this.forget(detail)
    this.rendered.free()
    this.#arena.free(this.pieces, this.count * PIECE_WORDS * 4)
    for (const text of this.#words) freeText(this.#arena, text)
  }

  #prepare(piece: PageShape['pieces'][number]): readonly [kind: number, address: number, length: number] {
    if (typeof piece === 'object') return [PIECE_KIND.literal, ...this.#keep(piece.text)]
    return piece === 'tags' ? [PIECE_KIND.tags, ...this.#keep(TAG_WORDS)] : [PIECE_KIND[piece], 0, 0]
  }

  #keep(words: string): readonly [address: number, length: number] {
    encodeRaw(words)
    const text = storeText(this.#arena)
    this.#words.push(text)
    return [text + 4, bytesOf(this.#arena, text).length]
  }
}
