import type { Policy } from './policy.ts'

/** A role by its Keystone name. `te_admin` may do everything in its scope. */
export type Role = string

type Named = { readonly id: string; readonly name: string }

/** What a token is good for: one project, or a whole domain for calls above projects. */
export type Scope =
  | { readonly kind: 'project'; readonly project: Named; readonly domain: Named }
  | { readonly kind: 'domain'; readonly domain: Named }

/** Who asks, as far as it was proven. */
export type Principal = {
  readonly user: Named & { readonly domain: Named }
  readonly scope: Scope
  readonly roles: readonly Role[]
  /** What the roles allow and deny. */
  readonly policies: readonly Policy[]
  /** What all roles of the user allow and deny, wherever it has them. */
  readonly policiesAnywhere: readonly Policy[]
}
