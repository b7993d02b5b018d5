import { Type } from 'typebox'

const links = Type.Array(Type.Object({ rel: Type.String(), href: Type.String() }))

/** A version of the tag service. */
export const versionDetail = Type.Object({
  ...{ id: Type.String(), links, version: Type.String(), status: Type.String() },
  ...{ updated: Type.String(), min_version: Type.String() },
})

/** A version in the list, where another service's says less of itself. */
export const versionInList = Type.Object({
  ...{ id: Type.String(), status: Type.String(), links },
  ...{ version: Type.Optional(Type.String()), updated: Type.Optional(Type.String()) },
  min_version: Type.Optional(Type.String()),
})

// The pages know v1.0 only, although one of their calls is under /v2.0; of that one no date is known.
const VERSIONS = [
  { id: 'v1.0', status: 'CURRENT', updated: '2016-12-09T00:00:00Z' },
  { id: 'v2.0', status: 'SUPPORTED', updated: '' },
] as const

/** Gives a version of the tag service as it shows it; undefined when there is none of that id. */
export function versionView(id: string, origin: string) {
  const found = VERSIONS.find((version) => version.id === id)
  if (found === undefined) return undefined
  const { status, updated } = found
  return { id, links: [{ rel: 'self', href: `${origin}/${id}` }], version: '', status, updated, min_version: '' }
}

/**
 * Gives every version at the root. COMPAT: other services share the root, and openstackclient looks there for an image API
 * such as v2.7 whose link ends in `/v2/` (contract 7), and for the identity API when it is not told where that is. Without
 * one in the list it takes v2.0 for Keystone's. Id and status are those that `GET /v3` gives.
 */
export function versionList(origin: string) {
  return [
    ...VERSIONS.flatMap(({ id }) => versionView(id, origin) ?? []),
    { id: 'v2.7', status: 'CURRENT', links: [{ rel: 'self', href: `${origin}/v2/` }] },
    { id: 'v3.6', status: 'stable', links: [{ rel: 'self', href: `${origin}/v3/` }] },
  ]
}
