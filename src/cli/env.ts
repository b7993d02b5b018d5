import { Option } from 'commander'
import { readEnvConfig } from '../config/config.ts'
import { ENV_SETTINGS } from '../config/table.ts'
import { Client } from './client.ts'
import { keyVariables, placeVariables, printVariables, type Variable } from './client-variables.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { writeLine } from './io.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'

type Options = { readonly json?: true; readonly powershell?: true; readonly secrets?: true }

/** Prints the environment variables of other clients. */
export const env = defineCommand<Options>({
  usage: 'env',
  summary: 'Print the variables that point SDKs, Terraform providers and OpenStack clients to the service.',
  details: [
    'Without TAGWERK_PASSWORD it does not log in, and omits the ids of the project and the domain.',
    PROJECT_HELP,
    'With --secrets it also prints the password and the access key, if their variables are set.',
  ].join('\n'),
  settings: ENV_SETTINGS,
  examples: [
    ['eval "$(tagwerk env --secrets)"', 'Sets the variables in this shell.'],
    ['tagwerk env --json', 'Prints an object with a member for each variable.'],
  ],
  declare: (command) =>
    command
      .addOption(new Option('--powershell', 'print commands for PowerShell').conflicts('json'))
      .option('--json', 'print an object with a member for each variable')
      .option('--secrets', 'print the password and the access key too'),
  run: printEnv,
})

async function printEnv({ io, options, sources }: Call<Options>): Promise<number> {
  const { client: config, keyPair } = readEnvConfig(sources)
  const { endpoint, user, domain, password } = config
  const client = password === undefined ? undefined : await logInToProject(sources)
  const region = await Client.regionOf(config)
  const place = placeVariables({
    ...{ endpoint, region, user, domain },
    domainId: client?.domain.id,
    project: client?.project?.name ?? config.project ?? region,
    projectId: client?.projectId,
  })
  const secrets: Variable[] = []
  if (options.secrets) {
    if (password !== undefined) secrets.push(['OS_PASSWORD', password])
    else await writeLine(io.stderr, 'warning: no password is printed, because TAGWERK_PASSWORD is not set.')
    if (keyPair !== undefined) secrets.push(...keyVariables({ access: keyPair.accessKey, secret: keyPair.secretKey }))
    else {
      const how = 'Set them to the key of the service, or make one with "tagwerk access-key --env"'
      const variables = 'TAGWERK_ACCESS_KEY and TAGWERK_ACCESS_KEY_SECRET'
      await writeLine(io.stderr, `warning: no access key is printed, because ${variables} are not set. ${how}.`)
    }
  }
  const format = options.json ? 'json' : options.powershell ? 'powershell' : 'shell'
  await writeLine(io.stdout, printVariables([...place, ...secrets], format))
  return EXIT.ok
}
