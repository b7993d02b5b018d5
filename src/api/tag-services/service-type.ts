import { type TObject, type TSchema, type TString, Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Profile } from '../../core/profile.ts'
import { INSTANCES, type ResourceType } from '../../core/resource-types.ts'
import type { Tag, TagRules } from '../../core/tag.ts'
import type { TagChange } from '../../core/tag-change.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { authorOf, type Reply, type ServiceErrors } from '../route.ts'
import { TAURUSDB_ID } from './limits.ts'
import { changeIn, getIn, type PlacedCall, reachOf } from './reach.ts'
import type { TagServiceRow } from './row.ts'
import type { SharedSchemas } from './shared-schemas.ts'

/** Dependencies of the tag services. */
export type TagServiceParts = { readonly catalog: Catalog; readonly accounts: Accounts; readonly profile: Profile }

/** What the types of all rows share. */
export type SharedParts = TagServiceParts & {
  readonly schemas: SharedSchemas
  readonly errorsOf: (row: TagServiceRow) => ServiceErrors
}

/** The part of a path that is the name of a parameter. */
const PARAMETER = /\{(\w+)\}/g

/** A path of a row, with what its calls share: for one resource type, or for all of the row that are a parameter. */
export class ServiceType {
  readonly row: TagServiceRow
  readonly catalog: Catalog
  /** The path of the resources. */
  readonly path: string
  /** Rules for tags that are added; the types of one path share them. */
  readonly rules: TagRules
  readonly #accounts: Accounts
  readonly #profile: Profile
  readonly #types: ReadonlyMap<string, ResourceType>
  readonly #errors: ServiceErrors
  readonly #idPrefix: string
  readonly #schemas: SharedSchemas
  readonly #schemaKey: string
  readonly #onlyType: ResourceType | undefined

  /** `segment`: that of the type; undefined for a row whose types are a parameter. */
  constructor(parts: SharedParts, row: TagServiceRow, segment: string | undefined) {
    const { catalog, accounts, profile, schemas, errorsOf } = parts
    const segments = Object.keys(row.types)
    this.row = row
    this.catalog = catalog
    this.path = `${row.base}/${segment ?? `{resource_type}(^(?:${segments.join('|')})$)`}`
    this.#accounts = accounts
    this.#profile = profile
    this.#types = new Map(segments.map((each) => [each, registeredType(profile, row, each)]))
    this.#onlyType = segment === undefined ? undefined : this.#types.get(segment)
    this.rules = profile.tagRulesOf(this.#types.get(segment ?? (segments[0] as string)) as ResourceType)
    this.#errors = errorsOf(row)
    this.#schemas = schemas
    this.#schemaKey = JSON.stringify([this.rules, row.query])
    this.#idPrefix = [row.service, ...row.base.replace(PARAMETER, '').split('/'), segment ?? '']
      .map(toPascalCase)
      .join('')
  }

  /** The members that the definitions of all routes share. `verb` is the last part of the operation's name. */
  route(verb: string, path: string, right: 'list' | 'update') {
    return {
      id: `${this.#idPrefix}${verb}`,
      path,
      access: this.row.base.includes('{project_id}') ? 'project' : 'any',
      action: this.action(right),
      params: this.#schemas.get(`params ${namesIn(path).join()}`, () => parametersOf(path)),
      service: this.#errors,
      hosts: this.row.hosts,
    } as const
  }

  /** Gives a schema that depends on the tag rules and the query of the row alone; equal ones are shared. */
  schema<S extends TSchema>(name: string, make: () => S): S {
    return this.#schemas.get(`${name} ${this.#schemaKey}`, make)
  }

  /** The path of a call for one resource. */
  ofResource(end: string): string {
    return `${this.path}/{resource_id}/${end.replace('tags', this.row.tagsSegment ?? 'tags')}`
  }

  /** The action of calls that read or change tags (contract 12.3). */
  action(right: 'list' | 'update'): string {
    return `${this.row.service}:tags:${right}`
  }

  /** The projects that a call works in, see `reachOf`. */
  reach(call: PlacedCall, right: 'list' | 'update'): Promise<readonly string[]> {
    return reachOf(this.#accounts, call, this.action(right))
  }

  /** The owner of the time slices of a call, see `TimeSlice`. */
  ownerOf({ projectId, caller }: PlacedCall): string {
    return projectId ?? caller.principal.scope.domain.id
  }

  /** Changes a resource, by default that of the path, all or nothing. Throws the errors of `Catalog.change`. */
  async change(
    call: PlacedCall & Parameters<typeof authorOf>[0],
    change: TagChange,
    id = call.params.resource_id as string,
  ): Promise<Reply> {
    const projects = await this.reach(call, 'update')
    const { revision } = await changeIn(this.catalog, projects, this.typeOf(call.params), id, change, authorOf(call))
    return { status: this.row.writeStatus, revision }
  }

  /** Gives the tags of a resource. Throws `resource-not-found`. */
  async tags(call: PlacedCall, id: string): Promise<{ readonly revision: number; readonly tags: readonly Tag[] }> {
    const projects = await this.reach(call, 'list')
    const { revision, resource } = await getIn(this.catalog, projects, this.typeOf(call.params), id)
    return { revision, tags: resource.tags }
  }

  /** The resource type of a call. */
  typeOf({ resource_type, resource_id }: Readonly<Record<string, string>>): ResourceType {
    // The id decides before the host does (contract 12.2).
    if (this.row.codePrefix === 'DBS' && resource_id !== undefined && TAURUSDB_ID.test(resource_id)) return INSTANCES
    return this.#onlyType ?? (this.#types.get(resource_type as string) as ResourceType)
  }

  /** The rules for tags of the resource of a call. */
  rulesOf(params: Readonly<Record<string, string>>): TagRules {
    return this.#profile.tagRulesOf(this.typeOf(params))
  }
}

function registeredType({ types }: Profile, { service, types: names }: TagServiceRow, segment: string): ResourceType {
  const type = types.registered(names[segment] as string)
  if (type === undefined) throw new Error(`the tag service ${service} has a type that is not registered: ${segment}`)
  return type
}

function namesIn(path: string): readonly string[] {
  return Array.from(path.matchAll(PARAMETER), ([, name]) => name as string)
}

/** The schema of the parameters in a path. */
function parametersOf(path: string) {
  const schema = Type.Object(Object.fromEntries(namesIn(path).map((name) => [name, Type.String()])))
  return schema as unknown as TObject<Record<string, TString>>
}

function toPascalCase(text: string): string {
  return text.replace(/(?:^|[^0-9A-Za-z]+)([0-9A-Za-z]?)/g, (_, first: string) => first.toUpperCase())
}
