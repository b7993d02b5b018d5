import { describe, expect, it } from 'vitest'
import { readVersion } from '../../src/config/version.ts'
import { run } from './run.ts'

const COMMANDS = [
  'serve',
  'demo',
  'env',
  'migrate',
  'near-duplicates',
  'report',
  'coverage',
  'copy',
  'check',
  'backup',
  'restore',
  'admin-password',
  'rotate-keys',
  'search',
  'import',
  'export',
  'convert',
  'query',
  'count',
  'tag',
  'untag',
  'rename-key',
  'map-values',
  'tags',
  'keys',
  'values',
  'log',
  'blame',
  'diff',
  'completion',
  'token',
  'access-key',
  'projects',
]

const GROUPS = {
  plan: ['run', 'create', 'list', 'show', 'apply', 'undo', 'delete'],
  policy: ['put', 'list', 'show', 'delete', 'convert', 'check', 'rehearse'],
  domain: ['create', 'add-admin', 'list', 'show', 'disable', 'enable', 'delete'],
  project: ['create', 'list', 'show', 'disable', 'enable', 'delete'],
  user: ['create', 'list', 'show', 'disable', 'enable', 'password', 'delete'],
  role: ['create', 'list', 'show', 'assign', 'unassign', 'delete'],
  key: ['create', 'list', 'show', 'disable', 'enable', 'delete'],
}
const IN_GROUPS = Object.entries(GROUPS).flatMap(([group, names]) => names.map((name) => `${group} ${name}`))
const EVERY_COMMAND = [...COMMANDS, ...IN_GROUPS]

describe('the command line', () => {
  it.each([[[]], [['--help']], [['help']]])('the list of commands is printed for the arguments %j', async (argv) => {
    const { code, stdout, stderr } = await run(argv)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const listed = stdout.slice(stdout.indexOf('Commands:')).match(/^ {2}[a-z-]+(?= )/gm)
    expect(listed?.map((name) => name.trim()).toSorted()).toEqual(
      [...COMMANDS, ...Object.keys(GROUPS), 'help'].toSorted(),
    )
    expect(stdout).toContain('Exit codes')
  })

  it.each([...EVERY_COMMAND, ...Object.keys(GROUPS)])('the help of %s has examples', async (name) => {
    const words = name.split(' ')
    const { code, stdout } = await run([...words, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: tagwerk ${name}`)
    expect(stdout).toMatch(/Examples:\n {2}\S/)
    expect((await run([...words.slice(0, -1), 'help', ...words.slice(-1)])).stdout).toBe(stdout)
  })

  it.each(Object.entries(GROUPS))('the help of %s lists its commands', async (group, names) => {
    const { stdout } = await run([group, '--help'])
    const listed = stdout.slice(stdout.indexOf('Commands:')).match(/^ {2}[a-z-]+(?= )/gm)
    expect(new Set(listed?.map((name) => name.trim()))).toEqual(new Set([...names, 'help', 'tagwerk']))
  })

  it.each(EVERY_COMMAND)('the help of %s breaks lines at the width of the terminal only', async (name) => {
    const { stdout } = await run([...name.split(' '), '--help'])
    const description = /\n\n([\s\S]*?)\n\nOptions:/.exec(stdout)?.[1]?.split('\n') ?? []
    const broken = description.filter((line) => line !== '' && !/[.:]$/.test(line) && line.length < 75)
    expect(broken).toEqual([])
  })

  it.each(EVERY_COMMAND.filter((name) => name !== 'export' && name !== 'convert'))(
    '%s has an output as JSON',
    async (name) => {
      // What export and convert print is JSON anyway.
      expect((await run([...name.split(' '), '--help'])).stdout).toMatch(/^ {2}--json /m)
    },
  )

  it.each([
    ...['query', 'count', 'tag', 'untag', 'tags', 'keys', 'values', 'projects'],
    ...IN_GROUPS.filter((name) => name.endsWith(' list')),
  ])('%s has an output as CSV, and colours that can be switched off', async (name) => {
    const { stdout } = await run([...name.split(' '), '--help'])
    expect(stdout).toMatch(/^ {2}--csv /m)
    expect(stdout).toMatch(/^ {2}--color /m)
  })

  it('settings are options, but secrets can only be set by variable', async () => {
    const serve = (await run(['serve', '--help'])).stdout
    expect(serve).toContain('--token-ttl-seconds <N>')
    expect(serve).toContain('TAGWERK_ADMIN_PASSWORD')
    expect(serve).not.toContain('--admin-password')
    const query = (await run(['query', '--help'])).stdout
    expect(query).toContain('TAGWERK_PASSWORD')
    expect(query).not.toContain('--password')
    expect((await run(['query', '--password', 'x'])).code).toBe(2)
  })

  it('the help of a setting states its allowed values, default and variable', async () => {
    const help = (await run(['serve', '--help'])).stdout.replace(/\s+/g, ' ')
    expect(help).toContain('(allowed: 1 to 256; default: 1; variable: TAGWERK_WORKERS)')
    expect(help).toContain('(allowed: on, off; default: off; variable: TAGWERK_MIGRATE)')
    expect(help).toContain('(variable: TAGWERK_SNAPSHOT_FOLDER)')
  })

  it('--version prints the version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${readVersion()}\n`, stderr: '' })
  })

  it.each([
    [['serv'], /unknown command 'serv'\n\(Did you mean serve\?\)/],
    [['serve', '--nope'], /unknown option '--nope'/],
    [['serve', 'much'], /too many arguments/],
    [['serve', '--listen', 'nowhere'], /--listen \(or TAGWERK_LISTEN\) must be HOST:PORT/],
    [['serve', '--migrate', 'perhaps'], /--migrate \(or TAGWERK_MIGRATE\) must be one of off, on, not "perhaps"/],
    [['migrate', '--store', 'mysql://host'], /--store \(or TAGWERK_STORE\) must be a URL such as postgres:/],
    [['copy', '--to', 'there'], /--from \(or TAGWERK_FROM\) must not be empty/],
    [['copy', '--from', 'here'], /--to \(or TAGWERK_TO\) must not be empty/],
    [['copy', '--from', 'here', '--to', 'mysql://host/x'], /--to \(or TAGWERK_TO\) must be a URL such as postgres:/],
    [['copy', '--from', 'here', '--to', './here/'], /--from and --to must be two different stores/],
    [['import'], /missing required argument 'file'/],
    [['tag', 'an-image'], /missing required argument/],
    [['tag', 'an-image', '=value'], /"=value" has no key/],
    [['query', '--tag', '=value'], /"=value" has no key/],
    [['query', '--limit', '0'], /--limit must be a whole number from 1 to 1000, not "0"/],
    [['query', '--offset', '-1'], /--offset must be a whole number/],
    [['query', '--all', '--limit', '5'], /'--all' cannot be used with option '--limit <n>'/],
    [
      ['tag', 'env=prod', 'an-image'],
      /the id of the resource comes first, and "env=prod" is a tag: tag an-image env=prod\n/,
    ],
    [['tag', 'env=prod', 'a=b', 'an-image'], /"env=prod" is a tag: tag an-image env=prod a=b\n/],
    [['untag', 'env=prod', 'a=b'], /"env=prod" is a tag: untag ID env=prod a=b\n/],
    [['tag', 'an-image', 'a=1', 'b=2', ' a=3'], /the key " a" occurs twice: a resource has one value for each key/],
    [['untag', 'an-image', 'a', 'a=1'], /the key "a" occurs twice/],
    [['access-key', '--json', '--env'], /'--json' cannot be used with option '--env'/],
    [['user'], /Usage: tagwerk user/],
    [['user', 'creat', 'ann'], /unknown command 'creat'\n\(Did you mean create\?\)/],
    [['user', 'create'], /missing required argument 'name'/],
    [['key', 'create', '--json', '--env'], /'--env' cannot be used with option '--json'/],
    [
      ['role', 'assign', 'r', 'u', '--in', 'p', '--in-domain'],
      /'--in <project>' cannot be used with option '--in-domain'/,
    ],
    [['role', 'create', 'r', '--policy', 'p', '--for', 'all'], /choices are project, domain/],
    [['untag', 'an-image'], /missing required argument/],
    [
      ['tags', '--type', 'Volumes'],
      /--type must be the name of a resource type, not "Volumes"; did you mean "volumes"\?/,
    ],
    [['token', '--endpoint', 'ftp://host'], /--endpoint \(or TAGWERK_ENDPOINT\) must be a URL/],
  ])('the command line %j exits with the code for invalid usage', async (argv, message) => {
    const { code, stdout, stderr } = await run(argv, { endpoint: 'http://127.0.0.1:1' })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  it.each([
    ['count'],
    ['query'],
    ['tags'],
    ['tag', 'i', 'k'],
    ['untag', 'i', 'k'],
    ['token'],
    ['projects'],
    ['export'],
    ['import', '-'],
  ])('without a password, %s asks for TAGWERK_PASSWORD', async (...argv) => {
    for (const TAGWERK_PASSWORD of [undefined, '']) {
      const { code, stderr } = await run(argv, { env: { TAGWERK_PASSWORD } })
      expect(code).toBe(2)
      expect(stderr).toMatch(/^error: TAGWERK_PASSWORD is not set/)
    }
  })

  it.each([['count'], ['tag', 'i', 'k=v'], ['import', '-'], ['check'], ['migrate'], ['admin-password']])(
    'a misspelt variable is an error of %s that names the setting',
    async (...argv) => {
      const { code, stdout, stderr } = await run(argv, { env: { TAGWERK_PROJCT: 'prod' } })
      const message = 'error: TAGWERK_PROJCT is not a setting: did you mean TAGWERK_PROJECT?\n'
      expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: message })
      expect((await run([...argv, '--help'], { env: { TAGWERK_PROJCT: 'prod' } })).code).toBe(0)
    },
  )

  it('a variable that resembles no setting is a warning', async () => {
    const { stderr } = await run(['count'], { env: { TAGWERK_NUMBER: '1', TAGWERK_PASSWORD: '' } })
    expect(stderr).toMatch(
      /^warning: TAGWERK_NUMBER is not a setting and has no effect\.\nerror: TAGWERK_PASSWORD is not set/,
    )
  })
})
