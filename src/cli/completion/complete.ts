import type { Command, Option } from 'commander'
import type { Candidate } from './candidate.ts'
import { completeExpression, type ReadTexts } from './expression.ts'
import { EXPRESSION_SOURCE, type SourceName, sourceOf, TYPE_SOURCE } from './sources.ts'

/** Gives the texts that a source has for the start of a word. `options` are those of the command line. */
export type ReadSource = (
  source: SourceName,
  start: string,
  options: ReadonlyMap<string, string>,
) => Promise<readonly Candidate[]>

/** Where the cursor is. */
type Position = {
  readonly command: Command
  readonly options: ReadonlyMap<string, string>
  /** The option whose value is at the cursor. */
  readonly pending: Option | undefined
  readonly arguments: readonly string[]
  readonly isAfterDashes: boolean
}

/**
 * Gives what can stand in place of the last of some words, which come after the name of the program: commands, options,
 * their values, and arguments. None for a file: shells complete these themselves.
 */
export async function complete(
  program: Command,
  words: readonly string[],
  read: ReadSource,
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? ''
  const at = positionAfter(program, words.slice(0, -1))
  if (at.pending !== undefined) return valuesOf(at, at.pending, current, '', read)
  if (current.startsWith('-') && !at.isAfterDashes) {
    const equals = current.indexOf('=')
    if (equals === -1) return startingWith(optionsOf(at.command), current)
    const option = optionNamed(at.command, current.slice(0, equals))
    const before = current.slice(0, equals + 1)
    return option === undefined ? [] : valuesOf(at, option, current.slice(equals + 1), before, read)
  }
  const isNoArgument = at.arguments.length === 0 && !at.isAfterDashes
  const names = isNoArgument ? startingWith(subcommandsOf(at.command), current) : []
  return at.command.commands.length > 0 ? names : argumentsOf(at, current, read)
}

function positionAfter(program: Command, words: readonly string[]): Position {
  let command = program
  let pending: Option | undefined
  let isAfterDashes = false
  const options = new Map<string, string>()
  const given: string[] = []
  for (const word of words) {
    if (pending !== undefined) {
      options.set(pending.long ?? '', word)
      pending = undefined
    } else if (word === '--') isAfterDashes = true
    else if (word.startsWith('-') && !isAfterDashes) {
      const equals = word.indexOf('=')
      const option = optionNamed(command, equals === -1 ? word : word.slice(0, equals))
      if (equals !== -1) options.set(option?.long ?? '', word.slice(equals + 1))
      else if (option?.required) pending = option
      else if (option !== undefined) options.set(option.long ?? '', '')
    } else {
      const child = given.length === 0 ? command.commands.find((each) => each.name() === word) : undefined
      if (child === undefined) given.push(word)
      else command = child
    }
  }
  return { command, options, pending, arguments: given, isAfterDashes }
}

function optionNamed(command: Command, name: string): Option | undefined {
  return command.options.find(({ long, short }) => name === long || name === short)
}

function optionsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, description }) => ({ text: long ?? '', description }))
}

function subcommandsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((child) => ({ text: child.name(), description: child.summary() || child.description() }))
}

/** Completes the value of an option. `before` is the part of the word before the value. */
async function valuesOf(at: Position, option: Option, current: string, before: string, read: ReadSource) {
  const name = option.long?.slice(2) ?? ''
  if (option.argChoices !== undefined) {
    return startingWith(
      option.argChoices.map((text) => ({ text: before + text })),
      before + current,
    )
  }
  const source = sourceOf(name, undefined)
  if (source === undefined) return []
  // Several types are separated by commas.
  const start = source === TYPE_SOURCE ? current.lastIndexOf(',') + 1 : 0
  const candidates = await readFrom(source, current.slice(start), at.options, read)
  const head = before + current.slice(0, start)
  return startingWith(
    candidates.map((each) => ({ ...each, text: head + each.text })),
    before + current,
  )
}

async function argumentsOf({ command, arguments: given, options }: Position, current: string, read: ReadSource) {
  const declared = command.registeredArguments
  const argument = declared[given.length] ?? (declared.at(-1)?.variadic ? declared.at(-1) : undefined)
  if (argument === undefined) return []
  if (argument.argChoices !== undefined)
    return startingWith(
      argument.argChoices.map((text) => ({ text })),
      current,
    )
  const source = sourceOf(argument.name(), command.name())
  const found = source === undefined ? [] : await readFrom(source, current, options, read)
  return startingWith(found, current)
}

function readFrom(source: SourceName, start: string, options: Position['options'], read: ReadSource) {
  return source === EXPRESSION_SOURCE
    ? completeExpression(start, textReader(options, read))
    : read(source, start, options)
}

function textReader(options: Position['options'], read: ReadSource): ReadTexts {
  return {
    keys: (start) => read('keys', start, options),
    values: async (key, start) => {
      const head = `${key}=`
      const tags = await read('tags', head + start, options)
      return tags.map((tag) => ({ ...tag, text: tag.text.slice(head.length) }))
    },
    types: () => read('types', '', options),
  }
}

function startingWith(candidates: readonly Candidate[], start: string): readonly Candidate[] {
  return candidates.filter(({ text }) => text.startsWith(start))
}
