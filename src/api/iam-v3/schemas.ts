import { Type } from 'typebox'

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
    catalog: Type.Optional(
      Type.Array(
        Type.Object({
          ...{ type: Type.String(), id: Type.String(), name: Type.String() },
          endpoints: Type.Array(
            Type.Object({
              ...{ id: Type.String(), interface: Type.String(), region: Type.String() },
              ...{ region_id: Type.String(), url: Type.String() },
            }),
          ),
        }),
      ),
    ),
  }),
})

/** The headers and the switch of the calls that look at a token. */
export const subjectTokenHeader = 'x-subject-token'
export const catalogQuery = Type.Object({
  nocatalog: Type.Optional(Type.String({ description: 'Present with any value: the answer has no catalogue.' })),
})

/** A list of projects. */
export const projectList = Type.Object({
  links: Type.Object({
    self: Type.String(),
    previous: Type.Union([Type.String(), Type.Null()]),
    next: Type.Union([Type.String(), Type.Null()]),
  }),
  projects: Type.Array(
    Type.Object({
      ...{ id: Type.String(), name: Type.String(), domain_id: Type.String(), parent_id: Type.String() },
      ...{ is_domain: Type.Boolean(), enabled: Type.Boolean(), description: Type.String() },
      links: Type.Object({ self: Type.String() }),
    }),
  ),
})
