import { Option } from 'commander'
import { InvalidValue } from '../config/value-types.ts'
import { RESOURCE_TYPE_NAMES, type ResourceType, resourceTypeNamed } from '../core/resource-type.ts'
import { optionParser } from './command.ts'

/** The parsed option `--type`. */
export type TypeOption = { readonly type?: ResourceType }

/** The option `--type`. An alias of a type is as good as its name. */
export function typeOption(help: string): Option {
  const parse = (text: string) => {
    const type = resourceTypeNamed(text)
    if (type !== undefined) return type
    throw new InvalidValue(`must be one of ${RESOURCE_TYPE_NAMES.join(', ')}, not "${text}"`)
  }
  const allowed = `${help} (${RESOURCE_TYPE_NAMES.join(', ')})`
  return new Option('--type <type>', allowed).argParser(optionParser('type', { placeholder: 'TYPE', parse }))
}

const NOUNS: Readonly<Record<ResourceType, readonly [one: string, many: string]>> = {
  images: ['image', 'images'],
  instances: ['database instance', 'database instances'],
}

/** Such as `2 images and 1 database instance`. */
export function byType(counts: Readonly<Partial<Record<ResourceType, number>>>): string {
  return Object.entries(counts)
    .map(([type, count]) => counted(count, type as ResourceType))
    .join(' and ')
}

/** Such as `1 image`; `resources` without a type. */
export function counted(count: number, type?: ResourceType): string {
  const [one, many] = type === undefined ? ['resource', 'resources'] : NOUNS[type]
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`
}
