import { Type } from 'typebox'
import { catalogueSchema } from './catalogue.ts'

const named = Type.Object({ id: Type.String(), name: Type.String() })
const inDomain = Type.Object({ id: Type.String(), name: Type.String(), domain: named })

/** A token as IAM shows it (contract 6.1). `project` for a project's token, `domain` for a domain's. */
export const tokenBody = Type.Object({
  token: Type.Object({
    methods: Type.Array(Type.String()),
    expires_at: Type.String({ description: 'UTC, such as 2026-01-04T09:05:22.000000Z' }),
    issued_at: Type.String(),
    user: Type.Object({
      ...{ id: Type.String(), name: Type.String(), password_expires_at: Type.String() },
      domain: named,
    }),
    project: Type.Optional(inDomain),
    domain: Type.Optional(named),
    roles: Type.Array(named),
    catalog: Type.Optional(catalogueSchema),
  }),
})

/** The header and the switch of the calls that look at a token. */
export const subjectTokenHeader = 'x-subject-token'
export const subjectTokenHeaders = Type.Object({
  'X-Subject-Token': Type.String({ description: 'The token that the call is about.' }),
})
export const catalogQuery = Type.Object({
  nocatalog: Type.Optional(Type.String({ description: 'Present with any value: the answer has no catalogue.' })),
})
