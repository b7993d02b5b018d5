import { ID_BYTES, ID_KIND } from './kernels/abi.ts'
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

/** Addresses, for a snapshot. */
export type IdColumnState = { readonly bytes: ColumnState; readonly kinds: ColumnState; readonly byId: HashTableState }

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const IN07 = /^[0-9a-f]{32}in07$/

/** The ids of resources by slot, and the slots by id. A UUID or the id of a database instance is stored in 16 bytes. */
export class IdColumn {
  readonly bytes: Column
  readonly kinds: U8Column
  readonly #arena: Arena
  readonly #seed: number
  readonly #byId: HashTable
  /** The probe of lookups: the kind, and the 16 bytes as words. A probe of the kind text is the text that was encoded last. */
  readonly #probeWords = new Uint32Array(ID_BYTES / 4)
  readonly #probeBytes = new Uint8Array(this.#probeWords.buffer)
  #probeKind = 0

  constructor(arena: Arena, seed: number) {
    this.#arena = arena
    this.#seed = seed
    this.bytes = new Column(arena, 4)
    this.kinds = new U8Column(arena)
    this.#byId = new HashTable(arena, {
      hashOf: (slot) => this.#hashOf(slot),
      equalsProbe: (slot) => this.#equalsProbe(slot),
    })
  }

  /** The slot of an id, -1 when there is none. */
  find(id: string): number {
    return this.#byId.find(this.#setProbe(id))
  }

  /** Appends a slot with an id, which must be new. */
  push(id: string): void {
    const hash = this.#setProbe(id)
    const slot = this.kinds.length
    const text = this.#probeKind === ID_KIND.text ? storeText(this.#arena) : 0
    this.kinds.push(this.#probeKind)
    this.bytes.resize(slot + 1)
    const at = this.bytes.address(slot)
    if (text > 0) this.#arena.u32[at >>> 2] = text
    else this.#arena.u32.set(this.#probeWords, at >>> 2)
    this.#byId.add(hash, slot)
  }

  /** Removes the id of a slot. */
  clear(slot: number): void {
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

  /** Sets the probe of the next lookup. Returns its hash. */
  #setProbe(id: string): number {
    this.#probeKind =
      id.length !== 36 ? ID_KIND.text : UUID.test(id) ? ID_KIND.uuid : IN07.test(id) ? ID_KIND.in07 : ID_KIND.text
    if (this.#probeKind === ID_KIND.text) {
      encodeText(id)
      return hashEncoded(this.#seed)
    }
    let at = 0
    for (let i = 0; at < ID_BYTES; i += 2) {
      if (id.charCodeAt(i) === DASH) i++
      this.#probeBytes[at++] = (NIBBLE[id.charCodeAt(i)]! << 4) | NIBBLE[id.charCodeAt(i + 1)]!
    }
    return hashWords(this.#probeWords, 0, this.#seed + this.#probeKind)
  }

  #hashOf(slot: number): number {
    const kind = this.kinds.get(slot)
    if (kind === ID_KIND.text) return hashText(this.#arena, this.#textOf(slot), this.#seed)
    return hashWords(this.#arena.u32, this.bytes.address(slot) >>> 2, this.#seed + kind)
  }

  #equalsProbe(slot: number): boolean {
    if (this.kinds.get(slot) !== this.#probeKind) return false
    if (this.#probeKind === ID_KIND.text) return isEncoded(this.#arena, this.#textOf(slot))
    const { u32 } = this.#arena
    const at = this.bytes.address(slot) >>> 2
    const words = this.#probeWords
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
