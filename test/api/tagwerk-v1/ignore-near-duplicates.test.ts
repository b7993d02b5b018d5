import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../cli/run.ts'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, newImageId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// PUT /tagwerk/v1/{project_id}/near-duplicates/{group_id}

let service: TestService
let target: Target

const PATH = '/tagwerk/v1/{project}/near-duplicates'
const call = (method: string, path = '', body?: unknown) =>
  service.call(method, PATH.replace('{project}', service.project) + path, body === undefined ? {} : { body })
const list = async (query = '') => (await call('GET', query)).body.groups
const idOf = async (query = '') => (await list(query))[0].id

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(image(newImageId(), 'Env=prod', 'owner=a'), image(newImageId(), 'env=Prod', 'team=b'))
  await service.register(image(newImageId(), 'env=prod'))
  target = await targetOf(service, { group: await idOf() })
})
afterAll(() => service.stop())

describe('an ignored group of near-duplicates', () => {
  it('is left out of lists, is listed on request with user and time, and comes back when it is not ignored', async () => {
    const [env, owner] = await list()
    const answer = await call('PUT', `/${env.id}`, { ignored: true })
    const ignored = { ...env, ignored: { at: expect.stringMatching(/Z$/), by: expect.any(String) } }
    expect([answer.status, answer.body]).toEqual([200, ignored])
    expect(await list()).toEqual([owner])
    expect(await list('?ignored=true')).toEqual([ignored])
    expect((await call('PUT', `/${env.id}`, { ignored: false })).body).toEqual(env)
    expect(await list()).toEqual([env, owner])
    expect(await list('?ignored=true')).toEqual([])
  })

  it('of values is named with its key', async () => {
    const id = await idOf('?key=env')
    expect((await call('PUT', `/${id}`, { ignored: true, key: 'env' })).status).toBe(200)
    expect(await list('?key=env')).toEqual([])
    expect(await list('?key=env&ignored=true')).toHaveLength(1)
    expect(await list()).toHaveLength(2)
  })

  it('is listed again when it gets another spelling', async () => {
    const id = await idOf('?kind=related')
    await call('PUT', `/${id}`, { ignored: true })
    expect(await list('?kind=related')).toEqual([])
    await service.register(image(newImageId(), 'teams=x'))
    expect(await list('?kind=related')).not.toEqual([])
  })

  it('is ignored and listed again by the command line', async () => {
    const command = (...args: string[]) => run(['near-duplicates', ...args], { endpoint: service.url })
    const id = await idOf()
    const ignored = await command('--ignore', id)
    expect([ignored.code, ignored.stderr]).toEqual([
      0,
      `Ignored. To list it again: tagwerk near-duplicates --restore ${id}\n`,
    ])
    expect((await command('--ignored', '--kind', 'certain')).stdout).toContain(id)
    expect((await command('--kind', 'certain')).stderr).toBe('0 groups of keys.\n')
    expect((await command('--restore', id)).stderr).toBe('Listed again.\n')
    expect((await command('--kind', 'certain')).stderr).toBe('1 group of keys.\n')
  })
})

describe('ignoring near-duplicates', () => {
  const put = (group: string, body: unknown) => ({ method: 'PUT', path: `${PATH}/${group}`, body })
  runScenarios(
    () => target,
    [
      {
        name: 'an unknown group is refused',
        request: put('0'.repeat(16), { ignored: true }),
        ...tagwerkError(404, 'near-duplicates-not-found', '0'.repeat(16), 'name the key of a group of values'),
      },
      {
        name: 'a group of keys is no group of the values of a key',
        request: put('{group}', { ignored: true, key: 'env' }),
        ...tagwerkError(404, 'near-duplicates-not-found', 'values of the key "env"'),
      },
      {
        name: 'an id of another form is refused',
        request: put('env', { ignored: true }),
        ...tagwerkError(404, 'near-duplicates-not-found'),
      },
      {
        name: 'a body without the state is refused',
        request: put('{group}', {}),
        ...tagwerkError(400, 'request-invalid', 'ignored'),
      },
    ],
  )
})
