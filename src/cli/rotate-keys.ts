import { readRotateKeysConfig } from '../config/config.ts'
import { ROTATE_KEYS_SETTINGS } from '../config/table.ts'
import { rotateKeys } from '../service/rotate-keys.ts'
import { describeLocation } from '../store/location.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'

type Options = { readonly atOnce?: true; readonly json?: true }

/** Makes a new key for tokens in a store. */
export const rotateKeysCommand = defineCommand<Options>({
  usage: 'rotate-keys',
  summary: 'Make a new key that signs tokens, in a data folder or database.',
  details: [
    'Tokens of the former key stay valid until they expire: give --token-ttl-seconds the same value as the service. Also',
    'encrypts secrets that are in clear, or encrypted with a former secret key.',
    'Stop the service first: a data folder in use is refused. Nodes over PostgreSQL keep running, and use the new key from the',
    'next request on.',
  ].join('\n'),
  settings: ROTATE_KEYS_SETTINGS,
  examples: [
    ['tagwerk rotate-keys --data /var/lib/tagwerk', 'Makes a new key; tokens stay valid until they expire.'],
    ['tagwerk rotate-keys --data /var/lib/tagwerk --at-once', 'Revokes all tokens, after a key was disclosed.'],
    [
      'TAGWERK_STORE_PASSWORD=... tagwerk rotate-keys --store postgres://tagwerk@db.example/tagwerk --secret-key-file key',
      'Rotates the key of nodes that keep running and encrypt their secrets.',
    ],
  ],
  declare: (command) =>
    command
      .option('--at-once', 'end the former keys now, which revokes all tokens')
      .option('--json', 'print the result as a JSON object'),
  run: runRotateKeys,
})

async function runRotateKeys({ io, options, sources }: Call<Options>): Promise<number> {
  const { store, secrets, tokenTtlSeconds } = readRotateKeysConfig(sources)
  const rotated = await rotateKeys(store, secrets, options.atOnce ? 0 : tokenTtlSeconds)
  const { keyId, formerVerifiesUntilMs, encrypted } = rotated
  const where = describeLocation(store)
  const until = new Date(formerVerifiesUntilMs).toISOString()
  if (options.json) {
    await writeJson(io.stdout, {
      store: where,
      key_id: keyId,
      former_key_valid_until: until,
      secrets_encrypted: encrypted,
    })
    return EXIT.ok
  }
  const former = options.atOnce
    ? 'All tokens are revoked.'
    : `Tokens of the former key are valid until they expire, at the latest ${until}.`
  await writeLine(io.stdout, `New tokens in ${where} are signed with the key ${keyId}. ${former}`)
  if (encrypted > 0) await writeLine(io.stdout, `Encrypted ${encrypted} ${encrypted === 1 ? 'secret' : 'secrets'}.`)
  return EXIT.ok
}
