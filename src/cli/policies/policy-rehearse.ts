import { CLIENT_SETTINGS } from '../../config/table.ts'
import { type Call, defineCommand, EXIT } from '../command.ts'
import { type Actor, actorText } from '../history.ts'
import { writeLine } from '../io.ts'
import { MOMENT_HELP, momentText, toMoment } from '../moment.ts'
import { declareOutput, type OutputOptions, print } from '../output.ts'
import { logInToProject, PROJECT_HELP } from '../project.ts'
import { readPolicy } from './policy-file.ts'

type Options = OutputOptions & { readonly since: string }

type Answer = {
  readonly to: number
  readonly partial: boolean
  readonly writes: number
  readonly would_refuse: number
  readonly samples: readonly {
    readonly revision: number
    readonly at: string
    readonly actor: Actor
    readonly resource_type: string
    readonly resource_id: string
    readonly key: string
    readonly value: string | null
    readonly problem: string
  }[]
}

/** Shows which earlier writes a policy would have refused. */
export const policyRehearse = defineCommand<Options>({
  usage: 'rehearse <file>',
  summary: 'Show which earlier writes a tag policy would have refused, before it is enforced.',
  details: [
    'Reads the changes of the project since a moment, and judges each as if the policy had been in force; nothing is changed and',
    `the policy is not stored. Names the first 100 writes that it would have refused. ${MOMENT_HELP} A number is a revision.`,
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk policy rehearse policy.json --since 30d', 'What would have been refused in the last 30 days.']],
  declare: (command) =>
    declareOutput(command.option('--since <moment>', 'the first moment', '30d'), 'the answer of the service'),
  run: runPolicyRehearse,
})

async function runPolicyRehearse({ io, args, options, sources }: Call<Options>): Promise<number> {
  const policy = await readPolicy(io, args[0] as string)
  const since = momentText(toMoment('since', options.since, io.clock()))
  const client = await logInToProject(sources)
  const path = `/tagwerk/v1/${client.projectId}/policies/rehearse`
  const { body } = await client.json<Answer>({ method: 'POST', path, body: { policy, since } })
  await print(io, options, {
    json: body,
    head: ['REVISION', 'TIME', 'BY', 'TYPE', 'ID', 'KEY', 'VALUE', 'PROBLEM'],
    rows: body.samples.map(({ revision, at, actor, resource_type, resource_id, key, value, problem }) => [
      ...[String(revision), at, actorText(actor), resource_type, resource_id],
      ...[key, value ?? '', problem],
    ]),
  })
  if (options.json) return EXIT.ok
  const [refused, writes] = [body.would_refuse, body.writes].map((number) => number.toLocaleString('en-GB'))
  const rest = body.partial ? ` There are later writes: it ended at revision ${body.to}.` : ''
  await writeLine(io.stderr, `${refused} of ${writes} writes would have been refused.${rest}`)
  return EXIT.ok
}
