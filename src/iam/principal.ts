import type { Policy } from './policy.ts'

/** A role by its Keystone name. `te_admin` allows everything in its scope. */
export type Role = string

type Named = { readonly id: string; readonly name: string }

/** The scope of a token: one project, or a whole domain for calls above projects. */
export type Scope =
  | { readonly kind: 'project'; readonly project: Named; readonly domain: Named }
  | { readonly kind: 'domain'; readonly domain: Named }

/** The id of the project or domain of a scope. */
export function scopeId(scope: Scope): string {
  return scope.kind === 'project' ? scope.project.id : scope.domain.id
}

/** An authenticated caller. Immutable. */
export type Principal = {
  readonly user: Named & { readonly domain: Named }
  readonly scope: Scope
  readonly roles: readonly Role[]
  /** The policies of these roles. */
  readonly policies: readonly Policy[]
  /** The policies of all roles of the user, in every scope. */
  readonly policiesAnywhere: readonly Policy[]
}
