import { Type } from 'typebox'
import { catalogueSchema } from './catalogue.ts'

const named = Type.Object({ id: Type.String(), name: Type.String() })
const inDomain = Type.Object({ id: Type.String(), name: Type.String(), domain: named })

/** The body of a token (contract 6.1): a project token has `project`, a domain token has `domain`. */
export const tokenBody = Type.Object({
  token: Type.Object({
    methods: Type.Array(Type.String()),
    expires_at: Type.String({ description: 'UTC, for example 2026-01-04T09:05:22.000000Z' }),
    issued_at: Type.String(),
    user: Type.Object({
      id: Type.String(),
      name: Type.String(),
      password_expires_at: Type.String(),
      domain: named,
    }),
    project: Type.Optional(inDomain),
    domain: Type.Optional(named),
    roles: Type.Array(named),
    catalog: Type.Optional(catalogueSchema),
  }),
})

/** The header that carries the token to examine, in lower case. */
export const subjectTokenHeader = 'x-subject-token'
export const subjectTokenHeaders = Type.Object({
  'X-Subject-Token': Type.String({ description: 'The token to examine.' }),
})
export const catalogQuery = Type.Object({
  nocatalog: Type.Optional(Type.String({ description: 'If present, with any value: omit the catalogue.' })),
})
