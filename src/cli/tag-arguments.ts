import { UsageError } from './command.ts'

/** A tag on the command line. The value is undefined without a `=`. */
export type TagArgument = { readonly key: string; readonly value: string | undefined }

/**
 * Parses `KEY=VALUE` and `KEY`, split at the first `=`. Throws a UsageError for a missing key, for a key that occurs
 * twice, and for a tag in place of the id.
 */
export function toTagArguments(command: string, id: string, texts: readonly string[]): readonly TagArgument[] {
  if (id.includes('=')) {
    const candidate = texts.find((text) => !text.includes('=')) ?? 'ID'
    const tags = [id, ...texts.filter((text) => text !== candidate)].join(' ')
    throw new UsageError(`the id of the resource comes first, and "${id}" is a tag: ${command} ${candidate} ${tags}`)
  }
  if (texts.length === 0) {
    const argument = command === 'tag' ? 'KEY=VALUE' : 'KEY'
    const forms = `${command} ID ${argument}..., or ${command} ${argument}... with conditions such as --tag`
    throw new UsageError(`missing required argument: ${forms}`)
  }
  const tags = texts.map(toTagArgument)
  for (const [i, { key }] of tags.entries()) {
    // The service ignores blanks around a key.
    const isRepeated = tags.slice(0, i).some((before) => before.key.trim() === key.trim())
    if (isRepeated) throw new UsageError(`the key "${key}" occurs twice: a resource has one value for each key`)
  }
  return tags
}

/** The tags as a message names them. */
export function describeTags(tags: readonly TagArgument[]): string {
  return tags.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(', ')
}

function toTagArgument(text: string): TagArgument {
  const at = text.indexOf('=')
  const key = at === -1 ? text : text.slice(0, at)
  if (key.trim() === '') throw new UsageError(`"${text}" has no key: write KEY=VALUE or KEY`)
  return { key, value: at === -1 ? undefined : text.slice(at + 1) }
}
