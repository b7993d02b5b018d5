import { ID_KIND } from './kernels/abi.ts'
import type { Arena } from './memory/arena.ts'
import { Column, type ColumnState, U8Column } from './memory/column.ts'
import {
  encodeText,
  freeText,
  hashEncoded,
  hashText,
  isEncoded,
  mix,
  readText,
  storeText,
} from './memory/encoded-text.ts'
import { HashTable, type HashTableState } from './memory/hash-table.ts'

/** Where everything lies, for a snapshot. */
export type IdColumnState = { readonly bytes: ColumnState; readonly kinds: ColumnState; readonly byId: HashTableState }

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const IN07 = /^[0-9a-f]{32}in07$/
const ID_BYTES = 16

/** Ids of resources by slot, and slots by id. An id in the form of a UUID or of a database instance takes 16 bytes. */
export class IdColumn {
  readonly bytes: Column
  readonly kinds: U8Column
  readonly #arena: Arena
  readonly #seed: number
  readonly #byId: HashTable
  /** The id that is looked for: its kind, and its bytes in four words; a text was encoded last. */
  readonly #soughtWords = new Uint32Array(ID_BYTES / 4)
  readonly #soughtBytes = new Uint8Array(this.#soughtWords.buffer)
  #soughtKind = 0

  constructor(arena: Arena, seed: number) {
    this.#arena = arena
    this.#seed = seed
    this.bytes = new Column(arena, 4)
    this.kinds = new U8Column(arena)
    this.#byId = new HashTable(arena, {
      hashOf: (slot) => this.#hashOf(slot),
      isSought: (slot) => this.#isSought(slot),
    })
  }

  /** The slot of an id, -1 when none has it. */
  find(id: string): number {
    return this.#byId.find(this.#seek(id))
  }

  /** Gives the next slot an id that no other has. */
  open(id: string): void {
    const hash = this.#seek(id)
    const slot = this.kinds.length
    const text = this.#soughtKind === ID_KIND.text ? storeText(this.#arena) : 0
    this.kinds.push(this.#soughtKind)
    this.bytes.resize(slot + 1)
    const at = this.bytes.address(slot)
    if (text > 0) this.#arena.u32[at >>> 2] = text
    else this.#arena.u32.set(this.#soughtWords, at >>> 2)
    this.#byId.add(hash, slot)
  }

  /** Forgets the id of a slot. */
  close(slot: number): void {
    this.#byId.remove(this.#hashOf(slot), slot)
    if (this.kinds.get(slot) === ID_KIND.text) freeText(this.#arena, this.#textOf(slot))
    this.kinds.set(slot, ID_KIND.uuid)
  }

  read(slot: number): string {
    const kind = this.kinds.get(slot)
    if (kind === ID_KIND.text) return readText(this.#arena, this.#textOf(slot))
    const at = this.bytes.address(slot)
    let digits = ''
    for (let i = 0; i < ID_BYTES; i++) digits += HEX[this.#arena.u8[at + i]!]
    if (kind === ID_KIND.in07) return `${digits}in07`
    const parts = [
      digits.slice(0, 8),
      digits.slice(8, 12),
      digits.slice(12, 16),
      digits.slice(16, 20),
      digits.slice(20),
    ]
    return parts.join('-')
  }

  state(): IdColumnState {
    return { bytes: this.bytes.state(), kinds: this.kinds.state(), byId: this.#byId.state() }
  }

  restore({ bytes, kinds, byId }: IdColumnState): void {
    this.bytes.restore(bytes)
    this.kinds.restore(kinds)
    this.#byId.restore(byId)
  }

  #textOf(slot: number): number {
    return this.#arena.u32[this.bytes.address(slot) >>> 2]!
  }

  /** Notes what is looked for; gives its hash. */
  #seek(id: string): number {
    this.#soughtKind =
      id.length !== 36 ? ID_KIND.text : UUID.test(id) ? ID_KIND.uuid : IN07.test(id) ? ID_KIND.in07 : ID_KIND.text
    if (this.#soughtKind === ID_KIND.text) {
      encodeText(id)
      return hashEncoded(this.#seed)
    }
    let at = 0
    for (let i = 0; at < ID_BYTES; i += 2) {
      if (id.charCodeAt(i) === DASH) i++
      this.#soughtBytes[at++] = (NIBBLE[id.charCodeAt(i)]! << 4) | NIBBLE[id.charCodeAt(i + 1)]!
    }
    return hashWords(this.#soughtWords, 0, this.#seed + this.#soughtKind)
  }

  #hashOf(slot: number): number {
    const kind = this.kinds.get(slot)
    if (kind === ID_KIND.text) return hashText(this.#arena, this.#textOf(slot), this.#seed)
    return hashWords(this.#arena.u32, this.bytes.address(slot) >>> 2, this.#seed + kind)
  }

  #isSought(slot: number): boolean {
    if (this.kinds.get(slot) !== this.#soughtKind) return false
    if (this.#soughtKind === ID_KIND.text) return isEncoded(this.#arena, this.#textOf(slot))
    const { u32 } = this.#arena
    const at = this.bytes.address(slot) >>> 2
    const words = this.#soughtWords
    return u32[at] === words[0] && u32[at + 1] === words[1] && u32[at + 2] === words[2] && u32[at + 3] === words[3]
  }
}

const DASH = 0x2d
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const NIBBLE = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0)

function hashWords(words: Uint32Array, at: number, seed: number): number {
  let hash = seed
  for (let i = at; i < at + ID_BYTES / 4; i++) hash = Math.imul((hash ^ words[i]!) >>> 0, 0x9e37_79b1) ^ (hash >>> 15)
  return mix(hash)
}
