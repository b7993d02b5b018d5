import type { Command } from 'commander'
import { collect, UsageError } from './command.ts'

/** The parsed options that select resources. */
export type ConditionOptions = {
  readonly tag?: readonly string[]
  readonly any?: readonly string[]
  readonly not?: readonly string[]
  readonly notAny?: readonly string[]
  readonly untagged?: true
  readonly name?: string
  readonly id?: string
  readonly filter?: string
}

type Filter = { readonly key: string; readonly values: readonly string[] }

/** Declares the options that select resources. */
export function declareConditions(command: Command): Command {
  return command
    .option('--tag <key=value>', 'has all of these tags', collect)
    .option('--any <key=value>', 'has at least one of these tags', collect)
    .option('--not <key=value>', 'lacks at least one of these tags', collect)
    .option('--not-any <key=value>', 'has none of these tags', collect)
    .option('--untagged', 'has no tags; the four options above are ignored')
    .option('--name <text>', 'has this text in its name, ignoring case')
    .option('--id <id>', 'has exactly this id')
    .option('--filter <expression>', 'this expression holds, such as \'tags.env == "prod" && !("owner" in tags)\'')
    .addHelpText(
      'after',
      '\nThe four tag options can be repeated. Repeat one with the same key to allow several values. A key without "=" allows any value.',
    )
}

/** Converts the options to members of a query body. Throws a UsageError for a tag without a key. */
export function conditionsOf(options: ConditionOptions): Readonly<Record<string, unknown>> {
  const lists = {
    tags: toFilters(options.tag),
    tags_any: toFilters(options.any),
    not_tags: toFilters(options.not),
    not_tags_any: toFilters(options.notAny),
  }
  const matches = [
    ...(options.name === undefined ? [] : [{ key: 'resource_name', value: options.name }]),
    ...(options.id === undefined ? [] : [{ key: 'resource_id', value: options.id }]),
  ]
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, filters]) => filters.length > 0)),
    ...(options.untagged && { without_any_tag: true }),
    ...(matches.length > 0 && { matches }),
    ...(options.filter !== undefined && { filter: options.filter }),
  }
}

function toFilters(texts: readonly string[] = []): readonly Filter[] {
  // An undefined set allows any value, which includes all listed values.
  const values = new Map<string, Set<string> | undefined>()
  for (const text of texts) {
    const at = text.indexOf('=')
    const key = at === -1 ? text : text.slice(0, at)
    if (key.trim() === '') throw new UsageError(`"${text}" has no key: write KEY=VALUE, or KEY for any value`)
    if (at === -1) values.set(key, undefined)
    else if (!values.has(key)) values.set(key, new Set([text.slice(at + 1)]))
    else values.get(key)?.add(text.slice(at + 1))
  }
  return Array.from(values, ([key, some]) => ({ key, values: [...(some ?? [])] }))
}
