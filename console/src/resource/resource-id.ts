import { textOf } from '../router-search.ts'

/** A resource of the project. */
export type ResourceId = { readonly type: string; readonly id: string }

/** Reads `?r=type/id`. Ids may contain slashes, types may not. */
export function toResourceId(value: unknown): ResourceId | undefined {
  const text = textOf(value) ?? ''
  const at = text.indexOf('/')
  return at < 1 || at === text.length - 1 ? undefined : { type: text.slice(0, at), id: text.slice(at + 1) }
}

/** Writes what `toResourceId` reads. */
export function resourceText({ type, id }: ResourceId): string {
  return `${type}/${id}`
}
