import { readAdminPasswordConfig } from '../config/config.ts'
import { ADMIN_PASSWORD_SETTINGS } from '../config/table.ts'
import { setAdminPassword } from '../service/admin-password.ts'
import { describeLocation } from '../store/location.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { readPassword } from './read-password.ts'

type Options = { readonly user: string; readonly domain: string; readonly json?: true }

/** Sets the password of an administrator in a store. */
export const adminPassword = defineCommand<Options>({
  usage: 'admin-password',
  summary: 'Set the password of an administrator in a data folder or database, for example a lost one.',
  details: [
    'Asks for the new password on a terminal. Otherwise it is the first line of standard input, or',
    'TAGWERK_ADMIN_PASSWORD if that is set. All tokens of the user are revoked; its access keys stay valid.',
    'Needs no old password, but write access to the store. Stop the service first: a data folder in use is refused. Nodes',
    'over PostgreSQL may keep running.',
  ].join('\n'),
  settings: ADMIN_PASSWORD_SETTINGS,
  examples: [
    ['tagwerk admin-password --data /var/lib/tagwerk', 'Asks for the new password of the user admin.'],
    [
      'openssl rand -base64 18 | tee password.txt | tagwerk admin-password --data /var/lib/tagwerk',
      'Sets a random password and keeps it in a file.',
    ],
    [
      'TAGWERK_STORE_PASSWORD=... tagwerk admin-password --store postgres://tagwerk@db.example/tagwerk --user ann',
      'Sets the password of another administrator, in a PostgreSQL database.',
    ],
  ],
  declare: (command) =>
    command
      .option('--user <name>', 'name of the administrator', 'admin')
      .option('--domain <name>', 'name of the domain of the administrator', 'default')
      .option('--json', 'print the result as a JSON object'),
  run: runAdminPassword,
})

async function runAdminPassword({ io, options, sources }: Call<Options>): Promise<number> {
  const { store, password } = readAdminPasswordConfig(sources)
  const { user, domain } = options
  await setAdminPassword(store, { name: user, domain }, password ?? (await readPassword(io, user)))
  const where = describeLocation(store)
  if (options.json) await writeJson(io.stdout, { user, store: where, tokens_revoked: true })
  else await writeLine(io.stdout, `Set the password of ${user} in ${where}. All tokens of ${user} are revoked.`)
  return EXIT.ok
}
