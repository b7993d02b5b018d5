/** Where the values of an option or an argument come from. */
export type SourceName = 'types' | 'projects' | 'keys' | 'tags' | 'expression'

export const TYPE_SOURCE: SourceName = 'types'
export const EXPRESSION_SOURCE: SourceName = 'expression'

const OF_OPTION: Readonly<Record<string, SourceName>> = {
  type: 'types',
  project: 'projects',
  tag: 'tags',
  any: 'tags',
  not: 'tags',
  'not-any': 'tags',
  prefix: 'keys',
  key: 'keys',
  facet: 'keys',
  filter: 'expression',
  'rename-key': 'keys',
  'set-tag': 'tags',
  'remove-key': 'keys',
  'remove-tag': 'tags',
  'lower-case': 'keys',
  'upper-case': 'keys',
}

/** By name of the command and of the argument. */
const OF_ARGUMENT: Readonly<Record<string, SourceName>> = {
  'search expression': 'expression',
  'values key': 'keys',
  'rename-key old': 'keys',
  'rename-key new': 'keys',
  'map-values key': 'keys',
  'tag key=value': 'tags',
  'untag key': 'tags',
  'show project': 'projects',
  'disable project': 'projects',
  'enable project': 'projects',
  'delete project': 'projects',
}

/** Gives the source of an option, or of the argument of a command; undefined if there is none. */
export function sourceOf(name: string, command: string | undefined): SourceName | undefined {
  return command === undefined ? OF_OPTION[name] : OF_ARGUMENT[`${command} ${name}`]
}
