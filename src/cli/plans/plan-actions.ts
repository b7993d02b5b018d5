import { type Command, Option } from 'commander'
import { IF_BOTH, type IfBoth } from '../../core/plan-actions.ts'
import { collect, UsageError } from '../command.ts'

/** The parsed options that say what a plan does. */
export type ActionOptions = {
  readonly renameKey?: readonly string[]
  readonly ifBoth?: IfBoth
  readonly setTag?: readonly string[]
  readonly onlyIfAbsent?: true
  readonly removeKey?: readonly string[]
  readonly removeTag?: readonly string[]
  readonly lowerCase?: readonly string[]
  readonly upperCase?: readonly string[]
  readonly actions?: string
}

/** The option that says what happens to a resource with both keys of a renaming. */
export function ifBothOption(): Option {
  return new Option('--if-both <what>', 'a resource with both keys is refused, or keeps one of the values')
    .choices([...IF_BOTH])
    .default('refuse')
}

/** Declares the options that say what a plan does. */
export function declareActions(command: Command): Command {
  return command
    .option('--rename-key <old=new>', 'give tags with a key another key', collect)
    .addOption(ifBothOption())
    .option('--set-tag <key=value>', 'add a tag, or replace its value', collect)
    .option('--only-if-absent', 'with --set-tag: a key that a resource has keeps its value')
    .option('--remove-key <key>', 'remove tags with a key', collect)
    .option('--remove-tag <key=value>', 'remove a tag with this value only', collect)
    .option('--lower-case <key>', 'change the values of a key to lower case', collect)
    .option('--upper-case <key>', 'change the values of a key to upper case', collect)
    .option('--actions <json>', 'actions as the API takes them, instead of these options')
}

/** Converts the options to the actions of a plan, in the order of the help. Throws a UsageError for one that is malformed. */
export function actionsOf(options: ActionOptions): readonly unknown[] {
  const { ifBoth, onlyIfAbsent, renameKey = [], setTag = [], lowerCase = [], upperCase = [] } = options
  const tags = setTag.map((text) => pairOf(text, '--set-tag', 'KEY=VALUE'))
  const actions = [
    ...renameKey.map((text) => {
      const [from, to] = pairOf(text, '--rename-key', 'OLD=NEW')
      return { rename_key: { from, to, if_both: ifBoth } }
    }),
    ...(tags.length === 0 ? [] : [{ set: Object.fromEntries(tags), ...(onlyIfAbsent && { only_if_absent: true }) }]),
    ...removalOf(options),
    ...lowerCase.map((key) => ({ change_case: { key, to: 'lower' } })),
    ...upperCase.map((key) => ({ change_case: { key, to: 'upper' } })),
  ]
  if (options.actions === undefined) return actions
  if (actions.length > 0) throw new UsageError('--actions takes the place of the other options: use one or the other')
  return parsed(options.actions)
}

function removalOf({ removeKey = [], removeTag = [] }: ActionOptions): readonly unknown[] {
  if (removeKey.length === 0 && removeTag.length === 0) return []
  const tags = removeTag.map((text) => pairOf(text, '--remove-tag', 'KEY=VALUE'))
  const exact = tags.length > 0 && { tags: Object.fromEntries(tags) }
  return [{ remove: { ...(removeKey.length > 0 && { keys: removeKey }), ...exact } }]
}

function pairOf(text: string, option: string, form: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`${option} "${text}": write ${form}`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function parsed(text: string): readonly unknown[] {
  try {
    const actions: unknown = JSON.parse(text)
    if (Array.isArray(actions)) return actions
  } catch {
    // The same as for JSON that is no array.
  }
  throw new UsageError('--actions: write an array as JSON, such as \'[{"remove":{"keys":["tmp"]}}]\'')
}
