import { foldCase } from '../../core/text.ts'
import { SPECIAL_TEXT } from '../kernels/abi.ts'
import type { Arena } from './arena.ts'

// Texts in an arena: a length in 32 bits, then the bytes. They are kept as JSON writes them between quotes, in UTF-8, so that
// an answer takes them over as they are. That is as good as the text itself: no two texts are written alike.

const encoder = new TextEncoder()
/** Without this word a decoder drops a byte order mark, which is a character of a text like any other. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Short texts are put together faster than a decoder takes to start. */
const SHORT_BYTES_MAX = 48

/** A text as bytes; valid until the next one is encoded. */
export type EncodedText = { bytes: Uint8Array<ArrayBuffer>; length: number; isSpecial: boolean }

const encoded: EncodedText = { bytes: new Uint8Array(256), length: 0, isSpecial: false }

/** Gives a text as JSON writes it between quotes. Special is one that is not written as what it is: by escapes, or not ASCII. */
export function encodeText(text: string): EncodedText {
  const { length } = text
  if (length > encoded.bytes.length) encoded.bytes = new Uint8Array(length * 2)
  const { bytes } = encoded
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || unit > 0x7f || unit === 0x22 || unit === 0x5c) {
      return encodeAs(JSON.stringify(text).slice(1, -1), true)
    }
    bytes[i] = unit
  }
  encoded.length = length
  encoded.isSpecial = false
  return encoded
}

/** Gives a text, which must be well-formed, as what it is. */
export function encodeRaw(text: string): EncodedText {
  return encodeAs(text, false)
}

function encodeAs(text: string, isSpecial: boolean): EncodedText {
  if (text.length * 3 > encoded.bytes.length) encoded.bytes = new Uint8Array(text.length * 3)
  encoded.length = encoder.encodeInto(text, encoded.bytes).written
  encoded.isSpecial = isSpecial
  return encoded
}

/** Keeps what was encoded last; gives its address. */
export function storeText(arena: Arena): number {
  const { bytes, length } = encoded
  const address = arena.alloc(4 + length)
  arena.u32[address >>> 2] = length
  arena.u8.set(length === bytes.length ? bytes : bytes.subarray(0, length), address + 4)
  return address
}

/** Keeps a text, and behind a special one its folded form, see `SPECIAL_TEXT`. */
export function storeName(arena: Arena, text: string): number {
  const { isSpecial } = encodeText(text)
  if (!isSpecial) return storeText(arena)
  const bytes = encoded.bytes.slice(0, encoded.length)
  const folded = encodeFolded(text)
  const start = roundUp(4 + bytes.length)
  const address = arena.alloc(start + 4 + folded.length)
  arena.u32[address >>> 2] = (bytes.length | SPECIAL_TEXT) >>> 0
  arena.u8.set(bytes, address + 4)
  arena.u32[(address + start) >>> 2] = folded.length
  arena.u8.set(folded.bytes.subarray(0, folded.length), address + start + 4)
  return address
}

/**
 * Gives the folded form of a text. Half a surrogate pair becomes a character of its own that occurs in no text, so who
 * looks for one has to look at the texts themselves.
 */
export function encodeFolded(text: string): EncodedText {
  return encodeAs(foldCase(text), false)
}

function roundUp(bytes: number): number {
  return (bytes + 3) & ~3
}

/** Lets go of what `storeText` or `storeName` kept. */
export function freeText(arena: Arena, address: number): void {
  const head = arena.u32[address >>> 2]!
  const length = (head & ~SPECIAL_TEXT) >>> 0
  if (head < SPECIAL_TEXT) {
    arena.free(address, 4 + length)
    return
  }
  const start = roundUp(4 + length)
  arena.free(address, start + 4 + arena.u32[(address + start) >>> 2]!)
}

/** Where the folded form of a text lies, as far as one is kept, and how long it is. */
export function foldedSpan(arena: Arena, address: number): { start: number; length: number; isFolded: boolean } {
  const head = arena.u32[address >>> 2]!
  if (head < SPECIAL_TEXT) return { start: address + 4, length: head, isFolded: false }
  const other = address + roundUp(4 + ((head & ~SPECIAL_TEXT) >>> 0))
  return { start: other + 4, length: arena.u32[other >>> 2]!, isFolded: true }
}

/** The bytes of a text, as a view that is valid until the arena grows. */
export function bytesOf(arena: Arena, address: number): Uint8Array<ArrayBuffer> {
  return arena.u8.subarray(address + 4, address + 4 + ((arena.u32[address >>> 2]! & ~SPECIAL_TEXT) >>> 0))
}

/** Gives back a text that was kept as JSON writes it. */
export function readText(arena: Arena, address: number): string {
  const { u8 } = arena
  const start = address + 4
  const length = (arena.u32[address >>> 2]! & ~SPECIAL_TEXT) >>> 0
  if (length <= SHORT_BYTES_MAX) {
    let text = ''
    let i = 0
    for (; i < length; i++) {
      const byte = u8[start + i]!
      if (byte > 0x7f || byte === 0x5c) break
      text += String.fromCharCode(byte)
    }
    if (i === length) return text
  }
  const written = decoder.decode(u8.subarray(start, start + length))
  return written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written
}

/** Gives back a text that was kept as what it is. */
export function readRaw(arena: Arena, address: number): string {
  return decoder.decode(bytesOf(arena, address))
}

/** Says whether a kept text is the one that was encoded last. */
export function isEncoded({ u8, u32 }: Arena, address: number): boolean {
  const { bytes, length } = encoded
  if ((u32[address >>> 2]! & ~SPECIAL_TEXT) >>> 0 !== length) return false
  for (let i = 0; i < length; i++) if (u8[address + 4 + i] !== bytes[i]) return false
  return true
}

/** Gives 32 well-mixed bits of what was encoded last, which differ with the seed. */
export function hashEncoded(seed: number): number {
  return hashBytes(encoded.bytes, 0, encoded.length, seed)
}

/** Gives the same bits for a kept text. */
export function hashText(arena: Arena, address: number, seed: number): number {
  return hashBytes(arena.u8, address + 4, (arena.u32[address >>> 2]! & ~SPECIAL_TEXT) >>> 0, seed)
}

function hashBytes(bytes: Uint8Array, start: number, length: number, seed: number): number {
  let hash = seed ^ length
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193)
  return mix(hash)
}

/** Spreads what differs between two numbers over all their bits. */
export function mix(bits: number): number {
  let hash = bits
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
