import { Type } from 'typebox'
import type { Principal } from '../../iam/principal.ts'
import { listLinksSchema, selfLinkSchema } from './links.ts'

/** Renders a domain. */
export function domainView({ id, name }: Principal['user']['domain'], origin: string) {
  return { id, name, description: '', enabled: true, links: { self: `${origin}/v3/domains/${id}` } }
}

export const domainSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  links: selfLinkSchema,
})

export const domainList = Type.Object({ domains: Type.Array(domainSchema), links: listLinksSchema })
