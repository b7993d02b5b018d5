/** A service in the catalogue of tokens. Clients look it up by type. */
export type CatalogueService = {
  readonly type: string
  readonly name: string
  readonly description: string
  /** Path of its endpoint, which may hold `{project_id}` and `{region}`. */
  readonly path: string
  /** First label of the endpoint's host, where other services have the path too. */
  readonly host?: string
  readonly isGlobal?: true
  /** True for a global service that has an endpoint in the region as well. */
  readonly isAlsoRegional?: true
}
