import { CLIENT_SETTINGS } from '../../config/table.ts'
import { type Call, defineCommand, EXIT } from '../command.ts'
import { writeLine } from '../io.ts'
import { declareOutput, type OutputOptions, print } from '../output.ts'
import { logInToProject, PROJECT_HELP } from '../project.ts'
import { type TypesOption, typesOption } from '../resource-types.ts'
import { readPolicy } from './policy-file.ts'

type Options = TypesOption & OutputOptions

type Problems = { readonly missing: number; readonly 'wrong-value': number; readonly 'wrong-case': number }
type Answer = {
  readonly resources: number
  readonly compliant: number
  readonly keys: readonly (Problems & {
    readonly key: string
    readonly types: readonly (Problems & { readonly resource_type: string })[]
  })[]
}

/** Counts how a project complies with a policy. */
export const policyCheck = defineCommand<Options>({
  usage: 'check [file]',
  summary: 'Check how the resources of a project comply with its tag policies, or with a file.',
  details: [
    'Without a file, all policies that apply to the project. A file is a policy in the form of AWS and Huawei Cloud Organizations,',
    '- for standard input; it is not stored. Exits with 1 if some resource does not comply, so that it can end a pipeline.',
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk policy check', 'Problems with the policies of the project, by key and type.'],
    ['tagwerk policy check policy.json', 'Problems with a policy that is not stored.'],
    ['tagwerk policy check policy.json --type ecs --json', 'Those of servers, as JSON.'],
  ],
  declare: (command) => {
    command.addOption(typesOption('check only resources of these types'))
    return declareOutput(command, 'the counts')
  },
  run: runPolicyCheck,
})

async function runPolicyCheck({ io, args, options, sources }: Call<Options>): Promise<number> {
  const [file] = args
  const policy = file === undefined ? undefined : await readPolicy(io, file)
  const client = await logInToProject(sources)
  const body = { ...(policy !== undefined && { policy }), ...(options.type !== undefined && { types: options.type }) }
  const path = `/tagwerk/v1/${client.projectId}/compliance`
  const { body: answer } = await client.json<Answer>({ method: 'POST', path, body })
  await print(io, options, {
    json: answer,
    head: ['KEY', 'TYPE', 'MISSING', 'WRONG VALUE', 'WRONG CASE'],
    rows: answer.keys.flatMap(({ key, types }) => types.map((ofType) => toRow(key, ofType))),
  })
  const { resources, compliant } = answer
  const [all, wrong] = [resources, resources - compliant].map((number) => number.toLocaleString('en-GB'))
  if (!options.json) await writeLine(io.stderr, `${wrong} of ${all} resources do not comply.`)
  return compliant === resources ? EXIT.ok : EXIT.failed
}

function toRow(key: string, problems: Problems & { readonly resource_type: string }): string[] {
  const { resource_type, missing, 'wrong-value': wrongValue, 'wrong-case': wrongCase } = problems
  return [key, resource_type, String(missing), String(wrongValue), String(wrongCase)]
}
