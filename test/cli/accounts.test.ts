import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { sendSigned } from '../support/signing.ts'
import { type RunOptions, run } from './run.ts'

const PASSWORD = 'a long enough phrase 1'

let test: TestService
let folder: string
beforeAll(async () => {
  test = await startTestService()
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-accounts-'))
})
afterAll(async () => {
  await test.stop()
  await rm(folder, { recursive: true, force: true })
})

const admin = (line: string, options: RunOptions = {}) => run(line.split(' '), { endpoint: test.url, ...options })
const as = (user: string, line: string, options: RunOptions = {}) =>
  admin(line, { ...options, env: { TAGWERK_USER: user, TAGWERK_PASSWORD: PASSWORD, ...options.env } })
const ok = async (line: string, options: RunOptions = {}) => {
  const { code, stdout, stderr } = await admin(line, options)
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}
const json = async (line: string, options: RunOptions = {}) => JSON.parse(await ok(`${line} --json`, options))
const create = (name: string) => json(`user create ${name}`, { env: { TAGWERK_NEW_PASSWORD: PASSWORD } })

describe('tagwerk user, project, role and key', () => {
  it('a project is handed over to a new user by four commands', async () => {
    expect(await ok('project create shop --description web')).toMatch(/^Created project shop with the id \w{32}\.\n$/)
    expect(await ok('user create ann --email ann@example.org', { stdin: `${PASSWORD}\n` })).toMatch(
      /^Created user ann with the id \w{32}\.\n$/,
    )
    expect(await ok('role assign te_admin ann --in shop')).toBe('User ann has role te_admin in project shop.\n')
    const key = await json('key create ann --description handed-over')
    const { access, secret } = key.credential
    const { project } = await json('project show shop')
    const signed = { method: 'GET', path: `/v3/${project.id}/tags`, headers: { 'x-project-id': project.id } }
    expect((await sendSigned(test.url, { access, secret }, signed)).status).toBe(200)
    expect((await as('ann', 'count --project shop')).code).toBe(0)
    expect(await ok('user show ann')).toMatch(
      /^id +\w{32}\nname +ann\nstatus +enabled\ne-mail +ann@example.org\nrole +te_admin in project shop\n$/,
    )
    expect(await ok('project show shop')).toMatch(/\ndescription {2}web\nuser +ann with role te_admin\n$/)
  })

  it('an administrator of a project sees and changes what is its own, and is refused the rest', async () => {
    await create('carl')
    await ok('project create carls')
    await ok('role assign te_admin carl --in carls')
    const mine = { env: { TAGWERK_PROJECT: 'carls' } }
    expect((await as('carl', 'user show', mine)).stdout).toContain('te_admin in project carls\n')
    expect((await as('carl', 'user show carl', mine)).code).toBe(0)
    expect(JSON.parse((await as('carl', 'project list --json', mine)).stdout).projects).toMatchObject([
      { name: 'carls' },
    ])
    const key = JSON.parse((await as('carl', 'key create --json', mine)).stdout).credential.access
    expect((await as('carl', 'key list', mine)).stdout).toContain(`${key}  active`)
    expect((await as('carl', `key disable ${key}`, mine)).stdout).toBe(`Access key ${key} is disabled.\n`)
    expect((await as('carl', `key show ${key}`, mine)).stdout).toContain('status   inactive\n')
    expect((await as('carl', `key enable ${key}`, mine)).code).toBe(0)
    expect((await as('carl', `key delete ${key} --yes`, mine)).stdout).toBe(`Deleted access key ${key}.\n`)
    for (const line of [
      'user list',
      'user show admin',
      'user create eve --without-password',
      'role list',
      'project create x',
    ]) {
      const { code, stdout, stderr } = await as('carl', line, mine)
      expect([line, code, stdout]).toEqual([line, 1, ''])
      expect(stderr).toMatch(/^error: the service answered 403 .*domain/)
    }
  })

  it('user password changes the own password with the old one, and that of others as an administrator', async () => {
    await create('dora')
    await ok('role assign readonly dora --in-domain')
    const changed = await as('dora', 'user password', { env: { TAGWERK_NEW_PASSWORD: 'another phrase 2' } })
    expect(changed.stdout).toBe('Set the password of dora. All tokens of dora are revoked.\n')
    expect((await as('dora', 'user show')).code).toBe(1)
    const typed = await admin('user password dora', { typed: `${PASSWORD}\n${PASSWORD}\n` })
    expect([typed.code, typed.stderr]).toEqual([0, 'New password of dora: \nThe same again: \n'])
    expect((await as('dora', 'user show')).code).toBe(0)
    const weak = await admin('user password dora', { stdin: 'short\n' })
    expect([weak.code, weak.stdout]).toEqual([1, ''])
    expect(weak.stderr).toMatch(/user\.password: must have at least 8 characters/)
    const none = await admin('user create nobody')
    expect(none.code).toBe(2)
    expect(none.stderr).toMatch(/first line of standard input or in TAGWERK_NEW_PASSWORD/)
    expect((await admin('user show nobody')).code).toBe(1)
  })

  it('disabled users, projects and keys are refused until they are enabled', async () => {
    await create('finn')
    await ok('project create finns')
    await ok('role assign te_admin finn --in finns')
    const works = async () => (await as('finn', 'count --project finns')).code
    expect(await works()).toBe(0)
    expect(await ok('user disable finn')).toBe('User finn is disabled.\n')
    expect(await works()).toBe(1)
    await ok('user enable finn')
    expect(await ok('project disable finns')).toBe('Project finns is disabled.\n')
    expect(await works()).toBe(1)
    expect((await ok('project list')).split('\n').find((line) => line.includes('finns'))).toMatch(/finns +disabled$/)
    await ok('project enable finns')
    expect(await works()).toBe(0)
    await ok('role unassign te_admin finn --in finns')
    expect(await works()).toBe(1)
  })

  it.each([
    ['user', 'create gone --without-password'],
    ['project', 'create gone'],
  ])('%s delete needs --yes, or yes on a terminal', async (group, making) => {
    await ok(`${group} ${making}`)
    const refused = await admin(`${group} delete gone`)
    expect([refused.code, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toBe(`error: nothing is deleted: add --yes to delete ${group} gone\n`)
    const denied = await admin(`${group} delete gone`, { typed: 'no\n' })
    expect(denied.code).toBe(2)
    expect(denied.stderr).toContain(`cancelled, ${group} gone is not deleted`)
    expect((await admin(`${group} show gone`)).code).toBe(0)
    const done = await admin(`${group} delete gone`, { typed: 'yes\n' })
    expect([done.code, done.stdout]).toEqual([0, `Deleted ${group} gone.\n`])
    expect((await admin(`${group} show gone`)).code).toBe(1)
    await ok(`${group} ${making}`)
    expect((await json(`${group} delete gone --yes`)).deleted.name).toBe('gone')
  })

  it('a custom role is created from a file, assigned by its name and deleted', async () => {
    const file = join(folder, 'policy.json')
    await writeFile(file, JSON.stringify({ Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['ims:*:list*'] }] }))
    await ok(`role create lister --policy ${file}`)
    await ok('user create gail --without-password')
    expect(await ok('role assign lister gail --in-domain')).toBe('User gail has role lister in the whole domain.\n')
    expect(await ok('role show lister')).toContain('"ims:*:list*"')
    expect((await json('role list')).roles.map(({ display_name }: { display_name: string }) => display_name)).toContain(
      'lister',
    )
    const used = await admin('role delete lister --yes')
    expect(used.stderr).toMatch(/^error: the service answered 409/)
    await ok('role unassign lister gail --in-domain')
    expect(await ok('role delete lister --yes')).toBe('Deleted role lister.\n')
    expect((await admin('role delete te_admin --yes')).stderr).toContain('te_admin is a system role')
    await writeFile(file, '{')
    expect((await admin(`role create x --policy ${file}`)).stderr).toMatch(/^error: --policy \S+ is not JSON/)
    expect((await admin(`role create x --policy ${folder}/none`)).stderr).toMatch(
      /^error: --policy \S+ cannot be read: ENOENT/,
    )
  })

  it('a role is never assigned without a named scope, and a misspelt name is answered with the similar one', async () => {
    const scopeless = await admin('role assign readonly admin', { env: { TAGWERK_PROJECT: 'default' } })
    expect([scopeless.code, scopeless.stderr]).toEqual([
      2,
      'error: say where the role applies: --in PROJECT, or --in-domain for the whole domain\n',
    ])
    expect((await admin('role assign reedonly admin --in-domain')).stderr).toMatch(
      /no role .*"reedonly"\. Did you mean "readonly"\?/,
    )
    expect((await admin('role assign readonly admin --in defualt')).stderr).toMatch(/Did you mean "default"\?/)
    expect((await admin('user show admni')).stderr).toMatch(
      /no user with the name or id "admni"\. Did you mean "admin"\?/,
    )
  })

  it('a domain is handed over with its administrator, who sees nothing of other domains', async () => {
    const created = await admin('domain create acme --admin boss', { stdin: `${PASSWORD}\n` })
    expect(created.stdout).toMatch(/^Created domain acme with the id \w{32} and the administrator boss\.\n$/)
    const boss = (line: string) => as('boss', `${line} --domain acme`)
    expect((await boss('user list')).stdout).toMatch(/^ID +NAME +STATUS.*\n\w{32} +boss +enabled\n$/)
    expect((await boss('project list')).stdout).toMatch(/^ID.*\n\w{32} +default +enabled\n$/)
    expect((await boss('count')).code).toBe(0)
    expect((await boss('user create carl --without-password')).code).toBe(0)
    expect((await boss('role assign readonly carl --in default')).code).toBe(0)
    const refused = await boss('domain create other --admin x --description x')
    expect([refused.code, refused.stdout]).toEqual([2, ''])
    expect((await boss('domain list')).stdout).toMatch(/^ID.*\n\w{32} +acme +enabled\n$/)
    expect(await ok('domain list')).toMatch(/ acme +enabled\n\w{32} +default +enabled\n$/)
    expect(await ok('domain disable acme')).toBe('Domain acme is disabled.\n')
    expect((await boss('user list')).stderr).toMatch(/^error: the service answered 401/)
    expect(await ok('domain enable acme')).toBe('Domain acme is enabled.\n')
    expect((await boss('user list')).code).toBe(0)
    expect((await admin('domain delete acme')).code).toBe(2)
    expect((await admin('user list --domain acmee')).stderr).toMatch(/^error: the service answered 401/)
    expect(await ok('domain delete acme --yes')).toBe('Deleted domain acme.\n')
    expect((await admin('domain show acme')).code).toBe(1)
    expect((await admin('domain delete default --yes')).stderr).toMatch(/^error: the service answered 403/)
  })

  it('the last administrator is neither disabled nor deleted', async () => {
    for (const line of ['user disable admin', 'user delete admin --yes', 'role unassign te_admin admin --in-domain']) {
      expect((await admin(line)).stderr).toMatch(/^error: the service answered 409 .*without an administrator/)
    }
  })
})
