import type { Principal } from '../../iam/principal.ts'
import { isoTime, type TokenClaims } from '../../iam/token.ts'

/** What the service is known by in its own catalogue. */
export type CatalogueSettings = { readonly region: string }

type Service = { readonly type: string; readonly name: string; readonly path: string; readonly isGlobal?: true }

/** The services that are here, by the type under which clients look them up. */
const SERVICES: readonly Service[] = [
  { type: 'iam', name: 'iam', path: '/v3.0', isGlobal: true },
  { type: 'identity', name: 'keystone', path: '/v3', isGlobal: true },
  { type: 'image', name: 'glance', path: '' },
  { type: 'gaussdb', name: 'gaussdb', path: '/v3/{project_id}' },
]

/** A token as the token calls show it. */
export function tokenView(
  { user, scope, roles }: Principal,
  claims: TokenClaims,
  catalogue: { readonly origin: string; readonly region: string } | undefined,
) {
  return {
    token: {
      methods: claims.methods,
      expires_at: isoTime(claims.expiresAtMs),
      issued_at: isoTime(claims.issuedAtMs),
      user: { ...user, password_expires_at: '' },
      ...(scope.kind === 'project'
        ? { project: { ...scope.project, domain: scope.domain } }
        : { domain: scope.domain }),
      roles: roles.map((name) => ({ id: '0', name })),
      ...(catalogue && { catalog: catalogueView(scope.kind === 'project' ? scope.project.id : undefined, catalogue) }),
    },
  }
}

/** Global services are listed for every token, the services of a region for a project's token. */
function catalogueView(projectId: string | undefined, { origin, region }: { origin: string; region: string }) {
  return SERVICES.filter(({ isGlobal }) => isGlobal || projectId !== undefined).map(
    ({ type, name, path, isGlobal }) => ({
      type,
      id: name,
      name,
      endpoints: [
        {
          ...{ id: `${name}-public`, interface: 'public' },
          ...{ region: isGlobal ? '*' : region, region_id: isGlobal ? '*' : region },
          url: origin + path.replace('{project_id}', projectId ?? ''),
        },
      ],
    }),
  )
}
