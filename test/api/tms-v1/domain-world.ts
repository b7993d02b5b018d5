import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hashPassword } from '../../../src/iam/password.ts'
import { type Answer, startTestService, type TestService } from '../../support/service.ts'
import { TOKEN_MISSING, TOKEN_UNREADABLE } from '../expected.ts'
import { image, logIn, makeUser, newImageId, projectNamed } from '../fixtures.ts'
import type { Scenario, Target } from '../scenarios.ts'
import { tmsError } from './tms-errors.ts'

/** A service with tokens of its callers. */
export type DomainWorld = {
  readonly service: TestService
  /** Tokens: `project`; `domain` of the administrator; `reader` of a user who may look at the domain; `stranger` of another domain's administrator. */
  readonly tokens: Readonly<Record<'project' | 'domain' | 'reader' | 'stranger', string>>
  /** Id of the project `default`. */
  readonly project: string
  /** Id of a project of the other domain, and of an image in it with the tag `secret=theirs`. */
  readonly foreign: { readonly project: string; readonly image: string }
  /** Sends a request with the administrator's domain token, or with another. */
  ask(method: string, path: string, body?: unknown, token?: string): Promise<Answer>
  /** Creates a project of the domain with resources, and returns its id. */
  inProject(name: string, ...resources: readonly Record<string, unknown>[]): Promise<string>
  target(fills: Readonly<Record<string, string>>): Target
}

export async function startDomainWorld(options: Parameters<typeof startTestService>[0] = {}): Promise<DomainWorld> {
  const service = await startTestService(options)
  const domain = await service.tokenFor(undefined)
  await makeUser(service, domain, 'reader', { role: 'readonly' })
  const { token: reader } = await logIn(service, 'reader', undefined)
  const stranger = await foundOtherDomain(service)
  const foreignImage = newImageId()
  const line = JSON.stringify({ ...image(foreignImage, 'secret=theirs'), project: 'theirs' })
  await service.call('POST', '/tagwerk/v1/import', { body: line, token: stranger })
  const listed = await service.call('GET', '/v3/projects?name=theirs', { token: stranger })
  const foreign = { project: listed.body.projects[0].id as string, image: foreignImage }
  const tokens = { project: service.token, domain, reader, stranger }
  return {
    service,
    tokens,
    project: service.project,
    foreign,
    ask: (method, path, body, token = domain) =>
      service.call(method, path, { token, ...(body === undefined ? {} : { body }) }),
    inProject: async (name, ...resources) => {
      await service.register(...resources.map((resource) => ({ ...resource, project: name })))
      return (await projectNamed(service, name)).id
    },
    target: (fills) => ({
      url: service.url,
      tokens,
      hasRevisions: false,
      fills: { project: service.project, foreign: foreign.project, ...fills },
    }),
  }
}

/** Writes a second domain into the database, as no call creates one, and returns a token of its administrator. */
async function foundOtherDomain(service: TestService): Promise<string> {
  const password = 'a stranger here'
  const hash = await hashPassword(password, { n: 2, r: 1, p: 1 })
  const db = new DatabaseSync(join(service.folder, 'tagwerk.sqlite'), { timeout: 5000 })
  db.prepare("INSERT INTO domain (domain_id, name) VALUES ('d2', 'elsewhere')").run()
  const user = 'INSERT INTO app_user (user_id, domain_id, name, password_hash, enabled) VALUES (?, ?, ?, ?, 1)'
  db.prepare(user).run('u2', 'd2', 'stranger', hash)
  const role = 'INSERT INTO role_assignment (user_id, scope, scope_id, role) VALUES (?, ?, ?, ?)'
  db.prepare(role).run('u2', 'domain', 'd2', 'te_admin')
  db.prepare('UPDATE account_state SET revision = revision + 1').run()
  db.close()
  const identity = {
    methods: ['password'],
    password: { user: { name: 'stranger', password, domain: { name: 'elsewhere' } } },
  }
  const body = { auth: { identity, scope: { domain: { name: 'elsewhere' } } } }
  const answer = await service.call('POST', '/v3/auth/tokens', { body, token: null })
  if (answer.status !== 201) throw new Error(`no token: ${answer.text}`)
  return answer.headers.get('x-subject-token') as string
}

/** Access control of a domain call: refuses missing, malformed and project tokens (D15), and writes of readers. */
export function accessScenarios(
  request: Scenario['request'],
  kind: 'reads' | 'writes',
  readerStatus: Pick<Scenario, 'status'>,
): readonly Scenario[] {
  return [
    { name: '401 to a request without a token', request: { ...request, token: null }, ...TOKEN_MISSING },
    {
      name: '401 to a malformed token',
      request: { ...request, token: null, headers: { 'x-auth-token': 'nonsense' } },
      ...TOKEN_UNREADABLE,
    },
    {
      name: '403 TMS.0004 to a token of a project (D15)',
      request: { ...request, token: 'project' },
      ...tmsError(403, 'TMS.0004', 'needs a token of a domain', '"scope":{"domain":{"name":"default"}}'),
    },
    kind === 'writes'
      ? {
          name: '403 TMS.0004 to a user with read permission only',
          request: { ...request, token: 'reader' },
          ...tmsError(403, 'TMS.0004', 'The call needs the action tms:'),
        }
      : { name: 'success to a user with read permission', request: { ...request, token: 'reader' }, ...readerStatus },
  ]
}

/** Missing and malformed bodies (D25). */
export function badBodies(method: string, path: string): readonly Scenario[] {
  const request = { method, path, token: 'domain' }
  return [
    { name: 'no body', request, ...tmsError(400, 'TMS.0002') },
    { name: 'a body that is not JSON', request: { ...request, body: '{"a":' }, ...tmsError(400, 'TMS.0002', 'JSON') },
    {
      name: 'a body that is an array',
      request: { ...request, body: '[]' },
      ...tmsError(400, 'TMS.0002', 'body', 'an object'),
    },
    {
      name: 'a body that is null',
      request: { ...request, body: 'null' },
      ...tmsError(400, 'TMS.0002', 'body', 'an object'),
    },
  ]
}
