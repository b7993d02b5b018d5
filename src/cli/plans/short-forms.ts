import type { Command } from 'commander'
import { CLIENT_SETTINGS } from '../../config/table.ts'
import type { IfBoth } from '../../core/plan-actions.ts'
import { type Call, defineCommand } from '../command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from '../conditions.ts'
import { logInToProject, PROJECT_HELP } from '../project.ts'
import { type TypesOption, typesOption } from '../resource-types.ts'
import { ifBothOption } from './plan-actions.ts'
import { planCalls } from './plan-calls.ts'
import { type ApplyOptions, declareApply, PLAN_HELP, runPlan } from './run-plan.ts'

// Frequent changes as one command each: plan, show, ask, apply.

type Options = ConditionOptions & TypesOption & ApplyOptions

const details = `Without conditions, changes every resource of the project that has the key.\n${PLAN_HELP}\n${PROJECT_HELP}`

function declare(command: Command): Command {
  return declareApply(declareConditions(command)).addOption(typesOption('only resources of these types'))
}

/** Gives tags with a key another key. */
export const renameKey = defineCommand<Options & { readonly ifBoth: IfBoth }>({
  usage: 'rename-key <old> <new>',
  summary: 'Rename the key of tags of many resources; values and positions stay.',
  details,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk rename-key Env env', 'Shows where the key occurs, and asks.'],
    ['tagwerk rename-key Env env --type images --if-both keep-to --yes', 'An image that has both keeps its env.'],
  ],
  declare: (command) => declare(command).addOption(ifBothOption()),
  run: (call) => {
    const [from = '', to = ''] = call.args
    return runActions(call, from, [{ rename_key: { from, to, if_both: call.options.ifBoth } }])
  },
})

/** Replaces values of a key by one. */
export const mapValues = defineCommand<Options>({
  usage: 'map-values <key> <new> <old...>',
  summary: 'Replace values of a key by another one, on many resources.',
  details,
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk map-values env prod Prod production', 'Two other spellings become prod.']],
  declare,
  run: (call) => {
    const [key = '', to = '', ...from] = call.args
    return runActions(call, key, [{ map_value: { key, from, to } }])
  },
})

/** Plans actions for the resources that match and have a key, and applies them. */
async function runActions({ io, options, sources }: Call<Options>, key: string, actions: readonly unknown[]) {
  const conditions = conditionsOf(options)
  const hasConditions = Object.keys(conditions).length > 0
  const select = {
    ...(hasConditions ? conditions : { tags: [{ key, values: [] }] }),
    ...(options.type && { resource_types: options.type }),
  }
  const calls = planCalls(await logInToProject(sources))
  return runPlan(io, calls, await calls.create({ select, actions }), options)
}
