import { Readable } from 'node:stream'
import { type Command, Option } from 'commander'
import { CLIENT_SETTINGS } from '../../config/table.ts'
import { similarName } from '../../core/similar-name.ts'
import { askYes } from '../ask-yes.ts'
import { type Call, type CommandGroup, defineCommand, EXIT, UsageError } from '../command.ts'
import { type ConditionOptions, conditionsOf, declareConditions } from '../conditions.ts'
import { writeData, writeJson, writeLine } from '../io.ts'
import { declareOutput, type OutputOptions, print } from '../output.ts'
import { logInToProject, PROJECT_HELP } from '../project.ts'
import { counted, type TypesOption, typesOption } from '../resource-types.ts'
import { type ActionOptions, actionsOf, declareActions } from './plan-actions.ts'
import { type Plan, type PlanCalls, planCalls } from './plan-calls.ts'
import { readPlanFile } from './plan-file.ts'
import { ITEM_HEAD, rowsOf, sentenceOf } from './plan-view.ts'
import { type ApplyOptions, applyPlan, declareApply, PLAN_HELP, runPlan, showBrief } from './run-plan.ts'

/** Items that `plan show` prints. */
const ITEMS_MAX = 1000

type CreateOptions = ConditionOptions &
  TypesOption &
  ActionOptions & { readonly all?: true; readonly note?: string; readonly json?: true }

async function callsOf({ sources }: Pick<Call<unknown>, 'sources'>): Promise<PlanCalls> {
  return planCalls(await logInToProject(sources))
}

const create = defineCommand<CreateOptions>({
  usage: 'create [file]',
  summary: 'Plan changes of tags, and show them.',
  details: [
    'Plans the actions of the options for all resources that match the conditions, or what a file says: a plan file of',
    '"plan show --file", or CSV with the columns resource_type, resource_id and tag:KEY, as "export --format csv" writes',
    'it. - is standard input. Nothing is changed until the plan is applied.',
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk plan create --rename-key Env=env --tag Env', 'Plans to rename a key wherever it is.'],
    ['tagwerk plan create edited.csv', 'Plans the edits of an exported file.'],
  ],
  declare: (command) =>
    declareConditions(declareActions(command))
      .addOption(typesOption('only resources of these types'))
      .option('--all', 'all resources, of the types of --type if given')
      .option('--note <text>', 'why, for those who look at the plan')
      .option('--json', 'print the plan as JSON'),
  run: async (call) => {
    const { io, options } = call
    const plan = await createPlan(call, await callsOf(call))
    if (options.json) await writeJson(io.stdout, plan)
    else {
      await showBrief(io, await callsOf(call), plan)
      await writeLine(io.stdout, `Planned. To apply it: tagwerk plan apply ${plan.id}`)
    }
    return EXIT.ok
  },
})

async function createPlan({ io, args: [file], options }: Call<CreateOptions>, calls: PlanCalls): Promise<Plan> {
  const conditions = conditionsOf(options)
  const actions = actionsOf(options)
  const selects = options.all === true || Object.keys(conditions).length > 0
  if (file !== undefined) {
    if (selects || actions.length > 0) throw new UsageError('a file says what changes: leave out the other options')
    const { bytes, contentType } = await readPlanFile(file, io)
    return calls.create(bytes, contentType)
  }
  if (actions.length === 0) throw new UsageError('say what to change, such as --rename-key Env=env, or name a file')
  if (!selects) throw new UsageError('say which resources, such as --tag Env, or --all')
  const select = { ...conditions, ...(options.type && { resource_types: options.type }) }
  return calls.create({ select, actions, ...(options.note !== undefined && { note: options.note }) })
}

const run = defineCommand<ApplyOptions>({
  usage: 'run [file]',
  summary: 'Plan what a file says, show it, ask, and apply it; for short, "tagwerk plan FILE".',
  details: `The file is one of "plan create". ${PLAN_HELP}\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  isDefault: true,
  examples: [
    ['tagwerk plan edited.csv', 'Shows what an edited export would change, and asks.'],
    ['tagwerk plan - --yes < plan.ndjson', 'Applies a plan file, without a question.'],
  ],
  declare: declareApply,
  run: async (call) => {
    const { io, args, options, command } = call
    const [file] = args
    if (file === undefined) return (command.parent as Command).help({ error: true })
    const { bytes, contentType } = await readPlanFile(file, io).catch((error: unknown) => {
      throw withHint(error, file, command)
    })
    const calls = await callsOf(call)
    return runPlan(io, calls, await calls.create(bytes, contentType), options)
  },
})

/** The error for a file that cannot be read, which may be a misspelt command. */
function withHint(error: unknown, file: string, { parent }: Command): unknown {
  const names = parent?.commands.map((each) => each.name()) ?? []
  const similar = similarName(file, names)
  if (similar === undefined || !(error instanceof Error)) return error
  return new Error(`${error.message}. Did you mean the command "plan ${similar}"?`, { cause: error })
}

const list = defineCommand<OutputOptions>({
  usage: 'list',
  summary: 'List the plans of a project, the last made first.',
  details: PROJECT_HELP,
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk plan list', 'Prints id, state and what each plan changes.']],
  declare: (command) => declareOutput(command, 'the plans'),
  run: async (call) => {
    const plans = await (await callsOf(call)).list()
    const rows = plans.map(({ id, state, created_at, summary, note = '', undo_of }) => [
      id,
      state,
      created_at,
      String(summary.changes),
      undo_of === undefined ? note : `takes back ${undo_of}`,
    ])
    await print(call.io, call.options, {
      json: { plans },
      head: ['ID', 'STATE', 'CREATED AT', 'CHANGES', 'NOTE'],
      rows,
    })
    return EXIT.ok
  },
})

type ShowOptions = OutputOptions & { readonly state?: string; readonly file?: true }

const show = defineCommand<ShowOptions>({
  usage: 'show <plan>',
  summary: 'Show what a plan changes, key by key.',
  details: `Prints the first ${counted(ITEMS_MAX)}. --file prints all changes as a plan file, from which the same plan can be made.\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk plan show 01ARYZ6S41TSV4RRFFQ69G5FAV', 'Prints each key with its value before and after.'],
    ['tagwerk plan show 01ARYZ6S41TSV4RRFFQ69G5FAV --state refused', 'Prints what it does not change, and why.'],
  ],
  declare: (command: Command) =>
    declareOutput(command, 'the plan with its items')
      .addOption(
        new Option('--state <state>', 'only resources of this state').choices([
          ...['change', 'refused', 'conflict', 'applied', 'unchanged'],
        ]),
      )
      .addOption(new Option('--file', 'print the changes as a plan file').conflicts(['json', 'csv', 'state'])),
  run: async (call) => {
    const { io, options, args } = call
    const [id = ''] = args
    const calls = await callsOf(call)
    if (options.file) {
      for await (const chunk of Readable.fromWeb((await calls.file(id)) as never)) {
        await writeData(io.stdout, Buffer.from(chunk as Uint8Array).toString())
      }
      return EXIT.ok
    }
    const plan = await calls.show(id)
    const items = await calls.items(id, ITEMS_MAX, options.state)
    await print(io, options, { json: { ...plan, items }, head: ITEM_HEAD, rows: rowsOf(items) })
    if (!options.json) await writeLine(io.stderr, sentenceOf(plan))
    return EXIT.ok
  },
})

const apply = defineCommand<ApplyOptions>({
  usage: 'apply <plan>',
  summary: 'Apply a plan: all of it, or nothing if a resource has changed since.',
  details: `A large plan is applied in parts; the command goes on where it stopped when it is run again.\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk plan apply 01ARYZ6S41TSV4RRFFQ69G5FAV --yes', 'Applies the plan without a question.']],
  declare: declareApply,
  run: async (call) => {
    const { io, options, args } = call
    const [id = ''] = args
    const calls = await callsOf(call)
    if (options.yes && !options.dryRun) return applyPlan(io, calls, id, options)
    const plan = await calls.show(id)
    if (options.json && options.dryRun) await writeJson(io.stdout, plan)
    else if (!options.json) await showBrief(io, calls, plan)
    if (options.dryRun) return EXIT.ok
    await confirmPlan(call, `Change ${counted(plan.summary.changes)}?`)
    return applyPlan(io, calls, id, options)
  },
})

async function confirmPlan({ io }: Pick<Call<unknown>, 'io'>, question: string): Promise<void> {
  if (io.stdin.isTTY !== true) throw new UsageError('nothing was changed: add --yes to apply the plan')
  if (!(await askYes(io, question))) throw new UsageError('cancelled, nothing was changed')
}

const undo = defineCommand<ApplyOptions>({
  usage: 'undo <plan>',
  summary: 'Take back what a plan has changed.',
  details: [
    'Makes a plan that reverts the tags which still have the values of the plan, shows it, and asks on a terminal;',
    'elsewhere --yes is needed. It is a plan like any other, and can be taken back too.',
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk plan undo 01ARYZ6S41TSV4RRFFQ69G5FAV', 'Shows what would be taken back, and asks.']],
  declare: declareApply,
  run: async (call) => {
    const calls = await callsOf(call)
    return runPlan(call.io, calls, await calls.undo(call.args[0] ?? ''), call.options)
  },
})

const remove = defineCommand<{ readonly json?: true }>({
  usage: 'delete <plan>',
  summary: 'Delete a plan. Changes that it has applied are kept.',
  details: PROJECT_HELP,
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk plan delete 01ARYZ6S41TSV4RRFFQ69G5FAV', 'Deletes a plan that is not to be applied.']],
  declare: (command) => command.option('--json', 'print the plan as JSON'),
  run: async (call) => {
    const [id = ''] = call.args
    const calls = await callsOf(call)
    const plan = await calls.show(id)
    await calls.remove(id)
    if (call.options.json) await writeJson(call.io.stdout, { deleted: plan })
    else await writeLine(call.io.stdout, `Deleted plan ${id}.`)
    return EXIT.ok
  },
})

/** Commands on plans. */
export const planGroup: CommandGroup = {
  name: 'plan',
  summary: 'Plan changes of tags of many resources: run, create, list, show, apply, undo and delete.',
  commands: [run, create, list, show, apply, undo, remove],
}
