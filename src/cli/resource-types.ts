import { Option } from 'commander'
import { InvalidValue } from '../config/value-types.ts'
import { DomainError } from '../core/errors.ts'
import { IMAGES, INSTANCES, type ResourceType, ResourceTypes, toResourceType } from '../core/resource-types.ts'
import { optionParser } from './command.ts'

/** The parsed option `--type`. */
export type TypeOption = { readonly type?: ResourceType }

/** The parsed option `--type` of commands that take several types. */
export type TypesOption = { readonly type?: readonly ResourceType[] }

/** The option `--type`. An alias of a type is as good as its name; the service may know more types. */
export function typeOption(help: string): Option {
  return new Option('--type <type>', `${help}, such as images, instances or ecs`).argParser(
    optionParser('type', { placeholder: 'TYPE', parse: toType }),
  )
}

/** The option `--type` that can be repeated, and takes several types separated by commas. */
export function typesOption(help: string): Option {
  const parse = optionParser('type', { placeholder: 'TYPE', parse: toType })
  const allowed = `${help}, such as images, instances or ecs; several are repeated or separated by commas`
  return new Option('--type <type>', allowed).argParser((text: string, before: readonly ResourceType[] = []) => [
    ...new Set([...before, ...text.split(',').map((name) => parse(name.trim()))]),
  ])
}

function toType(text: string): ResourceType {
  try {
    return toResourceType(ResourceTypes.builtIn, text, 'type')
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const similar = ResourceTypes.builtIn.spelledAs(text)
    throw new InvalidValue(
      `must be the name of a resource type, not "${text}"${similar === undefined ? '' : `; did you mean "${similar}"?`}`,
    )
  }
}

const NOUNS: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  [IMAGES, ['image', 'images']],
  [INSTANCES, ['database instance', 'database instances']],
])

/** Such as `2 images, 1 database instance and 3 ecs`; `no resources` without counts. */
export function byType(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([type, count]) => counted(count, type))
  if (parts.length === 0) return 'no resources'
  const last = parts.pop() as string
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}

/** Such as `1 image` and `3 ecs`; `resources` without a type. */
export function counted(count: number, type?: string): string {
  const number = count.toLocaleString('en-GB')
  if (type === undefined) return `${number} ${count === 1 ? 'resource' : 'resources'}`
  const nouns = NOUNS.get(type)
  return `${number} ${nouns === undefined ? type : nouns[count === 1 ? 0 : 1]}`
}
