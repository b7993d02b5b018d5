import { Type } from 'typebox'

const links = Type.Array(Type.Object({ rel: Type.String(), href: Type.String() }))

/** A version of the tag service. */
export const versionDetail = Type.Object({
  id: Type.String(),
  links,
  version: Type.String(),
  status: Type.String(),
  updated: Type.String(),
  min_version: Type.String(),
})

/** A version in the list; versions of other services have fewer members. */
export const versionInList = Type.Object({
  id: Type.String(),
  status: Type.String(),
  links,
  version: Type.Optional(Type.String()),
  updated: Type.Optional(Type.String()),
  min_version: Type.Optional(Type.String()),
})

// The pages document v1.0 only, although one call is under /v2.0, whose date is unknown.
const VERSIONS = [
  { id: 'v1.0', status: 'CURRENT', updated: '2016-12-09T00:00:00Z' },
  { id: 'v2.0', status: 'SUPPORTED', updated: '' },
] as const

/** The response form of a version of the tag service; undefined for an unknown id. */
export function versionView(id: string, origin: string) {
  const found = VERSIONS.find((version) => version.id === id)
  if (found === undefined) return undefined
  const { status, updated } = found
  return { id, links: [{ rel: 'self', href: `${origin}/${id}` }], version: '', status, updated, min_version: '' }
}

/**
 * Lists the versions of all services that share the root. COMPAT: openstackclient looks there for an image API such as
 * v2.7 whose link ends in `/v2/` (contract 7), and for the identity API when it has no identity endpoint. Without one
 * in the list it would use v2.0 as Keystone. Id and status are those of `GET /v3`.
 */
export function versionList(origin: string) {
  return [
    ...VERSIONS.flatMap(({ id }) => versionView(id, origin) ?? []),
    { id: 'v2.7', status: 'CURRENT', links: [{ rel: 'self', href: `${origin}/v2/` }] },
    { id: 'v3.6', status: 'stable', links: [{ rel: 'self', href: `${origin}/v3/` }] },
  ]
}
