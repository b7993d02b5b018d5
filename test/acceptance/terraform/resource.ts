import { expect, it } from 'vitest'
import type { Provider } from './provider.ts'

/** Attributes of a resource: a configuration, or the state that Terraform keeps. */
export type Attributes = Readonly<Record<string, unknown>>

/** A resource of a provider, with the calls that its source makes. */
export type Resource = {
  /**
   * The defaults of the attributes that are not computed: a plan compares them with the state where the configuration has
   * none. A computed attribute without a configuration takes any value.
   */
  readonly defaults: Attributes
  readonly create: (config: Attributes) => Promise<string>
  /** The attributes that a read sets; undefined if the resource is gone. Others keep what the state has. */
  readonly read: (id: string, state: Attributes) => Promise<Attributes | undefined>
  readonly update: (id: string, before: Attributes, after: Attributes) => Promise<void>
  readonly destroy: (id: string, state: Attributes) => Promise<void>
}

/** What a resource is created with, and what is changed afterwards if it can be changed in place. */
export type Life = { readonly resource: Resource; readonly config: Attributes; readonly changed?: Attributes }

/**
 * Registers the tests of a resource: create, plan without changes, change, plan without changes, destroy. `makeLife` is
 * called once, when the first test runs.
 */
export function lifeOf(
  name: string,
  provider: () => Provider,
  makeLife: () => Life,
  { changesInPlace = true }: { readonly changesInPlace?: boolean } = {},
): void {
  let life: Life
  let id: string
  let state: Attributes

  const refresh = async () => {
    const read = await provider().step(() => life.resource.read(id, state))
    if (read !== undefined) state = { ...state, ...read }
    return read
  }

  it(`${name} is created, and the next plan has no changes`, async () => {
    life = makeLife()
    const { resource, config } = life
    id = await provider().step(() => resource.create(config))
    state = { ...resource.defaults, ...config }
    expect(await refresh()).toBeDefined()
    await refresh()
    expect(changesIn(resource, config, state)).toEqual([])
  })

  const change = async () => {
    const { resource, config, changed = {} } = life
    expect(changed).not.toEqual({})
    const after = { ...config, ...changed }
    const attributes = changesIn(resource, after, state).map(({ attribute }) => attribute)
    expect(attributes.sort()).toEqual(Object.keys(changed).sort())
    await provider().step(() => resource.update(id, state, { ...state, ...after }))
    state = { ...state, ...after }
    await refresh()
    await refresh()
    expect(changesIn(resource, after, state)).toEqual([])
  }
  if (changesInPlace) it(`${name} is changed in place, and the next plan has no changes`, change)

  it(`${name} is destroyed, and a read finds that it is gone`, async () => {
    await provider().step(() => life.resource.destroy(id, state))
    expect(await refresh()).toBeUndefined()
  })
}

type Change = { readonly attribute: string; readonly state: unknown; readonly wanted: unknown }

/** The changes that a plan would make. Terraform takes a missing value for the zero value of its type. */
function changesIn({ defaults }: Resource, config: Attributes, state: Attributes): readonly Change[] {
  return Object.entries({ ...defaults, ...config })
    .map(([attribute, wanted]) => ({ attribute, state: state[attribute], wanted }))
    .filter(({ state: have, wanted }) => normalized(have) !== normalized(wanted))
}

/** A text that is equal for equal values, whatever the order of their members. */
function normalized(value: unknown): string {
  if (isZero(value)) return ''
  return JSON.stringify(value, (_name, member) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** A type of a member as a Go SDK declares it. */
type GoType = 'string' | 'number' | 'boolean' | readonly [GoType] | { readonly [member: string]: GoType }

/**
 * Reads the declared members of a JSON value as Go does: other members are ignored, missing ones are allowed, and one of
 * another type is an error.
 */
// biome-ignore lint/suspicious/noExplicitAny: the type is checked here, at run time
export function decoded(value: unknown, type: GoType, path = 'body'): any {
  if (value === undefined || value === null) return undefined
  if (typeof type === 'string') {
    if (typeof value !== type) throw new Error(`cannot decode ${path}: ${JSON.stringify(value)} is not a ${type}`)
    return value
  }
  if (Array.isArray(type)) {
    if (!Array.isArray(value)) throw new Error(`cannot decode ${path}: ${JSON.stringify(value)} is not an array`)
    return value.map((item, i) => decoded(item, type[0], `${path}[${i}]`))
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`cannot decode ${path}: not an object`)
  const members = Object.entries(type as Readonly<Record<string, GoType>>)
  return Object.fromEntries(
    members.map(([name, member]) => [name, decoded((value as Attributes)[name], member, `${path}.${name}`)]),
  )
}

/** A map of tags as the items of a request. */
export function tagList(tags: unknown): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries((tags ?? {}) as Readonly<Record<string, string>>).map(([key, value]) => ({ key, value }))
}

/** The items of an answer as a map of tags. */
export function tagMap(tags: readonly { readonly key: string; readonly value: string }[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]))
}
