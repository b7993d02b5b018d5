import type { DetailColumn } from './detail-column.ts'
import { PIECE_KIND, PIECE_WORDS, TAG_JSON, TAG_JSON_STRIDE, TEXT_HEADER_BYTES } from './kernels/abi.ts'
import type { Arena } from './memory/arena.ts'
import { U32Column } from './memory/column.ts'
import { bytesOf, encodeRaw, freeText, isEncoded, storeText } from './memory/encoded-text.ts'

/**
 * The JSON template of a resource on a page: literal texts and placeholders. Id and name are inserted without quotes, and
 * tags as a list of `key` and `value` objects without brackets.
 */
export type PageShape = {
  readonly pieces: readonly ({ readonly text: string } | 'id' | 'name' | 'detail' | 'tags')[]
  /** Renders the detail of a resource as JSON. */
  readonly detail: (detail: string) => string
}

const TAG_TEXTS = Object.values(TAG_JSON)
  .map((text) => text.padEnd(TAG_JSON_STRIDE))
  .join('')

/** A shape that is prepared for the kernels: its literals in the arena, and a cache of rendered details. */
export class PreparedShape {
  /** Address of the pieces, see `PIECE`. */
  readonly pieces: number
  readonly count: number
  /** Addresses of the rendered details by number, 0 for those that are not cached. */
  readonly rendered: U32Column
  readonly #arena: Arena
  readonly #details: DetailColumn
  readonly #shape: PageShape
  readonly #literals: number[] = []

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

  /** Renders a detail unless it is cached. */
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

  /** Removes a rendered detail from the cache; required before its number is reused. */
  evict(detail: number): void {
    if (detail >= this.rendered.length) return
    const text = this.rendered.get(detail)
    if (text !== 0 && text !== this.#details.texts.get(detail)) freeText(this.#arena, text)
    this.rendered.set(detail, 0)
  }

  free(): void {
    for (let detail = 0; detail < this.rendered.length; detail++) this.evict(detail)
    this.rendered.free()
    this.#arena.free(this.pieces, this.count * PIECE_WORDS * 4)
    for (const text of this.#literals) freeText(this.#arena, text)
  }

  #prepare(piece: PageShape['pieces'][number]): readonly [kind: number, address: number, length: number] {
    if (typeof piece === 'object') return [PIECE_KIND.literal, ...this.#store(piece.text)]
    return piece === 'tags' ? [PIECE_KIND.tags, ...this.#store(TAG_TEXTS)] : [PIECE_KIND[piece], 0, 0]
  }

  #store(literal: string): readonly [address: number, length: number] {
    encodeRaw(literal)
    const text = storeText(this.#arena)
    this.#literals.push(text)
    return [text + TEXT_HEADER_BYTES, bytesOf(this.#arena, text).length]
  }
}
