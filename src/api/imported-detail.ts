import type { ResourceType } from '../core/resource-types.ts'

/** A detail as an import gives it, parsed. */
export type DetailMembers = Readonly<Record<string, unknown>>

/**
 * Validates the detail of an imported resource, and gives it as it is stored: whatever passes can be shown by the API of
 * its type. Throws `request-invalid` with the path of the member, which starts with `field`.
 */
export type DetailReader = (detail: DetailMembers, field: string) => DetailMembers

/** The readers of the types that a family shows; the detail of every other type is kept as it is. */
export type DetailReaders = ReadonlyMap<ResourceType, DetailReader>

/** Reads each member of a detail. Null means no value, as in many dumps: the member is omitted. */
export function readMembers(
  detail: DetailMembers,
  field: string,
  read: (name: string, value: unknown, field: string) => unknown,
): DetailMembers {
  const members: Record<string, unknown> = {}
  for (const name in detail) {
    const value = detail[name]
    if (value !== null) members[name] = read(name, value, `${field}.${name}`)
  }
  return members
}
