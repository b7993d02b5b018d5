import { foldCase } from '../../core/text.ts'
import { SPECIAL_TEXT, TEXT_HEADER_BYTES } from '../kernels/abi.ts'
import type { Arena } from './arena.ts'

// Texts in an arena: a 32-bit length, then the bytes in UTF-8. Most texts are stored with JSON escapes, so that responses copy
// the bytes. JSON escaping is injective, so comparing escaped bytes equals comparing strings.

const encoder = new TextEncoder()
/** With `ignoreBOM` a leading byte order mark stays in the text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Up to this length, concatenating characters is faster than a call of the decoder. */
const SHORT_BYTES_MAX = 48

/** An encoded text. The next call of an `encode` function overwrites it. */
export type EncodedText = { bytes: Uint8Array<ArrayBuffer>; length: number; isSpecial: boolean }

const encoded: EncodedText = { bytes: new Uint8Array(256), length: 0, isSpecial: false }

/** Encodes a text with JSON escapes, without quotes. `isSpecial`: it has escapes or is not ASCII. */
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

/** Encodes a well-formed text without escapes. */
export function encodeRaw(text: string): EncodedText {
  return encodeAs(text, false)
}

function encodeAs(text: string, isSpecial: boolean): EncodedText {
  if (text.length * 3 > encoded.bytes.length) encoded.bytes = new Uint8Array(text.length * 3)
  encoded.length = encoder.encodeInto(text, encoded.bytes).written
  encoded.isSpecial = isSpecial
  return encoded
}

/** Stores the text that was encoded last. Returns its address. */
export function storeText(arena: Arena): number {
  const { bytes, length } = encoded
  const address = arena.alloc(TEXT_HEADER_BYTES + length)
  arena.u32[address >>> 2] = length
  arena.u8.set(length === bytes.length ? bytes : bytes.subarray(0, length), address + TEXT_HEADER_BYTES)
  return address
}

/** Stores a text with JSON escapes, and the folded form of a special one after it; see `SPECIAL_TEXT`. */
export function storeName(arena: Arena, text: string): number {
  const { isSpecial } = encodeText(text)
  if (!isSpecial) return storeText(arena)
  const bytes = encoded.bytes.slice(0, encoded.length)
  const folded = encodeFolded(text)
  const start = roundUp(TEXT_HEADER_BYTES + bytes.length)
  const address = arena.alloc(start + TEXT_HEADER_BYTES + folded.length)
  arena.u32[address >>> 2] = (bytes.length | SPECIAL_TEXT) >>> 0
  arena.u8.set(bytes, address + TEXT_HEADER_BYTES)
  arena.u32[(address + start) >>> 2] = folded.length
  arena.u8.set(folded.bytes.subarray(0, folded.length), address + start + TEXT_HEADER_BYTES)
  return address
}

/**
 * Encodes the case-folded form of a text. A lone surrogate becomes U+FFFD, so it cannot be searched for in folded bytes; see
 * `isComparable` in `tested-search.ts`.
 */
export function encodeFolded(text: string): EncodedText {
  return encodeAs(foldCase(text), false)
}

function lengthOf(header: number): number {
  return (header & ~SPECIAL_TEXT) >>> 0
}

function roundUp(bytes: number): number {
  return (bytes + 3) & ~3
}

/** Frees a text of `storeText` or `storeName`. */
export function freeText(arena: Arena, address: number): void {
  const header = arena.u32[address >>> 2]!
  const length = lengthOf(header)
  if (header < SPECIAL_TEXT) {
    arena.free(address, TEXT_HEADER_BYTES + length)
    return
  }
  const start = roundUp(TEXT_HEADER_BYTES + length)
  arena.free(address, start + TEXT_HEADER_BYTES + arena.u32[(address + start) >>> 2]!)
}

/** The folded form of a name, or with `isFolded` false the text itself: ASCII without escapes, to be folded by the caller. */
export function foldedSpan(arena: Arena, address: number): { start: number; length: number; isFolded: boolean } {
  const header = arena.u32[address >>> 2]!
  if (header < SPECIAL_TEXT) return { start: address + TEXT_HEADER_BYTES, length: header, isFolded: false }
  const folded = address + roundUp(TEXT_HEADER_BYTES + lengthOf(header))
  return { start: folded + TEXT_HEADER_BYTES, length: arena.u32[folded >>> 2]!, isFolded: true }
}

/** The bytes of a text: a view that is valid until the arena grows. */
export function bytesOf(arena: Arena, address: number): Uint8Array<ArrayBuffer> {
  const start = address + TEXT_HEADER_BYTES
  return arena.u8.subarray(start, start + lengthOf(arena.u32[address >>> 2]!))
}

/** Decodes a text that is stored with JSON escapes. */
export function readText(arena: Arena, address: number): string {
  const { u8 } = arena
  const start = address + TEXT_HEADER_BYTES
  const length = lengthOf(arena.u32[address >>> 2]!)
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
  const escaped = decoder.decode(u8.subarray(start, start + length))
  return escaped.includes('\\') ? (JSON.parse(`"${escaped}"`) as string) : escaped
}

/** Decodes a text that is stored without escapes. */
export function readRaw(arena: Arena, address: number): string {
  return decoder.decode(bytesOf(arena, address))
}

/** True when a stored text equals the text that was encoded last. */
export function isEncoded({ u8, u32 }: Arena, address: number): boolean {
  const { bytes, length } = encoded
  if (lengthOf(u32[address >>> 2]!) !== length) return false
  const start = address + TEXT_HEADER_BYTES
  for (let i = 0; i < length; i++) if (u8[start + i] !== bytes[i]) return false
  return true
}

/** The 32-bit hash of the text that was encoded last. The seed makes collisions unpredictable. */
export function hashEncoded(seed: number): number {
  return hashBytes(encoded.bytes, 0, encoded.length, seed)
}

/** The same hash of a stored text. */
export function hashText(arena: Arena, address: number, seed: number): number {
  return hashBytes(arena.u8, address + TEXT_HEADER_BYTES, lengthOf(arena.u32[address >>> 2]!), seed)
}

function hashBytes(bytes: Uint8Array, start: number, length: number, seed: number): number {
  let hash = seed ^ length
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x0100_0193)
  return mix(hash)
}

/** The finalizer of MurmurHash3: each input bit affects all bits of the result. */
export function mix(bits: number): number {
  let hash = bits
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
