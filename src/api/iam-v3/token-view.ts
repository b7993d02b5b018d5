import type { Principal } from '../../iam/principal.ts'
import { isoTime, type TokenClaims } from '../../iam/token.ts'
import { type CatalogueLocation, catalogueView } from './catalogue.ts'

/** Renders a token; without `catalogue`, the view has no catalogue. */
export function tokenView(
  { user, scope, roles }: Principal,
  claims: TokenClaims,
  catalogue: CatalogueLocation | undefined,
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
