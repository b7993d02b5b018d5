import { expect, it } from 'vitest'
import {
  type AccessKey,
  type AccountLogEntry,
  type AccountLogTarget,
  type CustomRole,
  NO_ATTRIBUTES,
  type Project,
  type RoleAssignment,
  type SecretReplacement,
  type User,
} from '../../src/store/account-records.ts'
import type { InitialAccounts, KeyChanger, NewDomain } from '../../src/store/account-store.ts'
import type { Store } from '../../src/store/store.ts'
import { register, remove } from './requests.ts'

/** The text of a key for tokens, of which the store knows the members only. */
const keyText = (mark: string | number) => JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: `x${mark}`, d: `d${mark}` })

/** The records that a first start writes; `mark` makes two of them different. */
export function initialAccounts(mark = '1'): InitialAccounts {
  return {
    domain: { id: `d${mark}`, name: 'default', description: '', enabled: true },
    project: project(`p${mark}`, 'default', `d${mark}`),
    user: user(`u${mark}`, 'admin', `d${mark}`),
    assignment: { userId: `u${mark}`, scope: 'domain', scopeId: `d${mark}`, role: 'te_admin' },
    signingKey: { id: `k${mark}`, privateKey: keyText(mark) },
  }
}

function newDomain(mark: string, name: string): NewDomain {
  const { domain, project: first, user: administrator, assignment } = initialAccounts(mark)
  return { domain: { ...domain, name }, project: first, user: administrator, assignment }
}

function user(id: string, name: string, domainId = 'd1'): User {
  return {
    id,
    domainId,
    name,
    passwordHash: 'scrypt$...',
    enabled: true,
    description: '',
    email: '',
    tokenGeneration: 0,
    attributes: NO_ATTRIBUTES,
  }
}

function project(id: string, name: string, domainId = 'd1'): Project {
  return { id, domainId, name, description: '', enabled: true, tags: [], limits: {}, tokenGeneration: 0 }
}

function role(id: string, displayName: string, domainId = 'd1'): CustomRole {
  return {
    id,
    domainId,
    displayName,
    description: 'd',
    descriptionCn: '说明',
    type: 'XA',
    policy: '{}',
    createdAtMs: 1,
    updatedAtMs: 2,
  }
}

function key(accessKey: string, userId: string, createdAtMs = 1): AccessKey {
  return {
    accessKey,
    secretKey: `secret of ${accessKey}`,
    userId,
    description: '',
    active: true,
    locked: false,
    createdAtMs,
  }
}

function logEntry(event: string, target: AccountLogTarget, domainId = 'd1'): AccountLogEntry {
  const actor = { actorId: 'u1', actorName: 'admin', address: '192.0.2.1', requestId: 'r' }
  return { domainId, atMs: 1_795_000_000_123, ...actor, event, target, detail: '{"a":1}' }
}

function secret(kind: SecretReplacement['kind'], id: string, from: string, to: string): SecretReplacement {
  return { kind, id, from, to }
}

function inDomain(userId: string, name: string, scopeId = 'd1'): RoleAssignment {
  return { userId, scope: 'domain', scopeId, role: name }
}

/** Tests every sentence of `AccountStore` and of `Store.close`. */
export function accountStoreConformance(store: () => Store, reopened: () => Promise<Store>): void {
  it('there are no accounts before the initial records are written', async () => {
    expect(await store().getAccountsRevision()).toBe(0)
    expect(await store().listSigningKeys()).toEqual([])
    expect(await store().getUserByName('d1', 'admin')).toBeUndefined()
  })

  it('the initial records are written if no domain exists yet, and the result says whether they were', async () => {
    expect(await store().createInitialAccounts(initialAccounts('1'))).toBe(true)
    expect(await store().createInitialAccounts(initialAccounts('2'))).toBe(false)
    const { domain, project: first, user, assignment } = initialAccounts('1')
    expect(await store().listSigningKeys()).toEqual([{ id: 'k1', privateKey: keyText(1), verifiesUntilMs: undefined }])
    expect(await store().getDomain('d1')).toEqual(domain)
    expect(await store().getDomain('d2')).toBeUndefined()
    expect(await store().getProject('p1')).toEqual(first)
    expect(await store().getUser('u1')).toEqual(user)
    expect(await store().listAssignments('u1')).toEqual([assignment])
  })

  it('the initial records may have an access key of the administrator', async () => {
    const first = key('AK1', 'u1')
    await store().createInitialAccounts({ ...initialAccounts('1'), accessKey: first })
    expect(await store().listAccessKeys('u1')).toEqual([first])
    expect(await store().getAccountsRevision()).toBe(1)
  })

  it('of two concurrent calls exactly one writes the initial records', async () => {
    const done = await Promise.all([
      store().createInitialAccounts(initialAccounts('1')),
      store().createInitialAccounts(initialAccounts('2')),
    ])
    expect(done.filter(Boolean)).toHaveLength(1)
    expect(await store().getDomainByName('default')).toBeDefined()
  })

  it('a probe commits a transaction that changes no record', async () => {
    await store().probeWrite()
    await store().createInitialAccounts(initialAccounts('1'))
    const before = await store().getAccountsRevision()
    await Promise.all([store().probeWrite(), store().probeWrite()])
    expect(await store().getAccountsRevision()).toBe(before)
    expect(await store().getUser('u1')).toEqual(initialAccounts('1').user)
  })

  it('records are found by id and by name, which compares exactly, and are undefined when there is none', async () => {
    await store().createInitialAccounts(initialAccounts())
    expect((await store().getDomainByName('default'))?.id).toBe('d1')
    expect((await store().getProjectByName('d1', 'default'))?.id).toBe('p1')
    expect((await store().getUserByName('d1', 'admin'))?.id).toBe('u1')
    expect(await store().getDomainByName('Default')).toBeUndefined()
    expect(await store().getProjectByName('d1', 'DEFAULT')).toBeUndefined()
    expect(await store().getProjectByName('d2', 'default')).toBeUndefined()
    expect(await store().getUserByName('d1', 'admin ')).toBeUndefined()
    expect(await store().getProject('none')).toBeUndefined()
    expect(await store().getUser('none')).toBeUndefined()
    expect(await store().listAssignments('none')).toEqual([])
  })

  it('ensureProject adds a project unless its domain has one of that name, and returns the project of that name', async () => {
    await store().createInitialAccounts(initialAccounts())
    expect(await store().ensureProject(project('p9', 'new'))).toEqual(project('p9', 'new'))
    expect(await store().ensureProject(project('p10', 'new'))).toEqual(project('p9', 'new'))
    expect(await store().getProject('p10')).toBeUndefined()
    expect(await store().ensureProject(project('p11', 'new', 'd2'))).toEqual(project('p11', 'new', 'd2'))
  })

  it('a domain gets no more projects than the limit, by neither call, and as many users as its limit', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createDomain(newDomain('2', 'other'))
    expect(await store().createProject(project('p10', 'ten'), 2)).toBe('done')
    expect(await store().createProject(project('p11', 'eleven'), 2)).toBe('full')
    expect(await store().createProject(project('p11', 'ten'), 2)).toBe('taken')
    expect(await store().ensureProject(project('p11', 'eleven'), 2)).toBe('full')
    expect(await store().ensureProject(project('p11', 'ten'), 2)).toEqual(project('p10', 'ten'))
    expect(await store().createUser(user('u10', 'ten'), 2)).toBe('done')
    expect(await store().createUser(user('u11', 'eleven'), 2)).toBe('full')
    expect(await store().createUser(user('u11', 'ten'), 2)).toBe('taken')
    expect((await store().listProjects('d1')).map(({ id }) => id)).toEqual(['p1', 'p10'])
    expect((await store().listUsers('d1')).map(({ id }) => id)).toEqual(['u1', 'u10'])
  })

  it('concurrent calls add no more projects to a domain than the limit', async () => {
    await store().createInitialAccounts(initialAccounts())
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const verdicts = await Promise.all(names.map((name) => store().createProject(project(name, name), 4)))
    expect(verdicts.filter((verdict) => verdict === 'done')).toHaveLength(3)
    expect(await store().listProjects('d1')).toHaveLength(4)
  })

  it('two concurrent calls of ensureProject with one name return the same project', async () => {
    await store().createInitialAccounts(initialAccounts())
    const made = await Promise.all(['a', 'b', 'c'].map((id) => store().ensureProject(project(id, 'same'))))
    expect(new Set(made.map((each) => (each === 'full' ? each : each.id))).size).toBe(1)
  })

  it('the projects of a domain are listed in order of their names by code point', async () => {
    await store().createInitialAccounts(initialAccounts())
    for (const [i, name] of ['b', 'B', '\u{1F600}', '\uFFFD', 'a'].entries())
      await store().ensureProject(project(`x${i}`, name))
    await store().ensureProject(project('other', 'c', 'd2'))
    expect((await store().listProjects('d1')).map(({ name }) => name)).toEqual([
      'B',
      'a',
      'b',
      'default',
      '\uFFFD',
      '\u{1F600}',
    ])
  })

  it('the accounts revision rises with every committed change and only then', async () => {
    await store().createInitialAccounts(initialAccounts())
    const admin = inDomain('u1', 'te_admin')
    const steps: readonly (readonly [rises: boolean, step: () => Promise<unknown>])[] = [
      [true, () => store().ensureProject(project('n', 'new'))],
      [false, () => store().ensureProject(project('m', 'new'))],
      [true, () => store().revokeToken('t1', 1000)],
      [false, () => store().revokeToken('t1', 1000)],
      [true, () => store().createProject(project('o', 'other'))],
      [false, () => store().createProject(project('q', 'other'))],
      [true, () => store().updateProject('o', { enabled: false })],
      [false, () => store().updateProject('none', { enabled: false })],
      [false, () => store().updateProject('o', { name: 'new' })],
      [true, () => store().addProjectTag('o', 'a', 1)],
      [false, () => store().addProjectTag('o', 'a', 1)],
      [false, () => store().addProjectTag('o', 'b', 1)],
      [false, () => store().removeProjectTag('o', 'b')],
      [true, () => store().removeProjectTag('o', 'a')],
      [true, () => store().deleteProject('o')],
      [false, () => store().deleteProject('o')],
      [true, () => store().createUser(user('u2', 'two'))],
      [false, () => store().createUser(user('u3', 'two'))],
      [true, () => store().updateUser('u2', { passwordHash: 'x' })],
      [false, () => store().updateUser('u2', { name: 'admin' })],
      [false, () => store().updateUser('u1', { enabled: false })],
      [true, () => store().createRole(role('r1', 'one'))],
      [false, () => store().createRole(role('r2', 'one'))],
      [false, () => store().updateUser('u2', { passwordHash: 'y' }, 0)],
      [false, () => store().addAssignment(inDomain('u2', 'r1'), 0)],
      [true, () => store().addAssignment(inDomain('u2', 'r1'))],
      [false, () => store().addAssignment(inDomain('u2', 'r1'))],
      [false, () => store().addAssignment(inDomain('none', 'r1'))],
      [false, () => store().addAssignment(inDomain('u1', 'r1'))],
      [true, () => store().updateRole('r1', { policy: '{"a":1}', updatedAtMs: 3 })],
      [false, () => store().updateRole('none', { updatedAtMs: 3 })],
      [false, () => store().deleteRole('r1')],
      [true, () => store().removeAssignment(inDomain('u2', 'r1'))],
      [false, () => store().removeAssignment(inDomain('u2', 'r1'))],
      [false, () => store().removeAssignment(admin)],
      [true, () => store().deleteRole('r1')],
      [true, () => store().createAccessKey(key('k1', 'u2'), 1)],
      [false, () => store().createAccessKey(key('k2', 'u2'), 1)],
      [true, () => store().updateAccessKey('k1', { active: false }, 'user')],
      [false, () => store().updateAccessKey('none', { active: false }, 'user')],
      [true, () => store().updateAccessKey('k1', { active: false }, 'administrator')],
      [false, () => store().updateAccessKey('k1', { active: true }, 'user')],
      [true, () => store().replaceSecrets([secret('access-key', 'k1', 'secret of k1', 'sealed')])],
      [false, () => store().replaceSecrets([secret('access-key', 'k1', 'secret of k1', 'sealed')])],
      [true, () => store().rotateSigningKey({ id: 'k2', privateKey: 'key 2' }, 2000, 1000)],
      [true, () => store().deleteAccessKey('k1')],
      [false, () => store().deleteAccessKey('k1')],
      [true, () => store().createDomain(newDomain('9', 'nine'))],
      [false, () => store().createDomain(newDomain('8', 'nine'))],
      [true, () => store().updateDomain('d9', { enabled: false })],
      [false, () => store().updateDomain('none', { enabled: false })],
      [true, () => store().deleteDomain('d9')],
      [false, () => store().deleteDomain('d9')],
      [true, () => store().deleteUser('u2')],
      [false, () => store().deleteUser('u2')],
      [false, () => store().deleteUser('u1')],
    ]
    for (const [i, [rises, step]] of steps.entries()) {
      const before = await store().getAccountsRevision()
      await step()
      expect([i, (await store().getAccountsRevision()) > before]).toEqual([i, rises])
    }
  })

  it('a logged write appends its entry if it changes something, and a write that changes nothing appends none', async () => {
    await store().createInitialAccounts(initialAccounts())
    const entry = logEntry('project.created', { kind: 'project', id: 'p2' })
    expect(await store().logged(entry).createProject(project('p2', 'two'))).toBe('done')
    expect(await store().logged(entry).createProject(project('p3', 'two'))).toBe('taken')
    expect(await store().logged(entry).ensureProject(project('p4', 'two'))).toEqual(project('p2', 'two'))
    await store().createUser(user('u2', 'not logged'))
    const revision = (await store().getAccountsRevision()) - 1
    expect(await store().listAccountLog('d1', 10)).toEqual([{ ...entry, revision, targetName: 'two' }])
  })

  it('an entry has the name of its target before the change, also of one that is deleted', async () => {
    await store().createInitialAccounts(initialAccounts())
    const logged = (event: string, kind: AccountLogTarget['kind'], id: string) =>
      store().logged(logEntry(event, { kind, id }))
    await logged('user.created', 'user', 'u2').createUser(user('u2', 'ann'))
    await logged('user.updated', 'user', 'u2').updateUser('u2', { name: 'anna' })
    await logged('policy.created', 'policy', 'r1').createRole(role('r1', 'one'))
    await logged('access-key.created', 'access-key', 'k1').createAccessKey(key('k1', 'u2'), 2)
    await logged('user.deleted', 'user', 'u2').deleteUser('u2')
    await logged('signing-key.rotated', 'signing-key', 'k2').rotateSigningKey({ id: 'k2', privateKey: 'x' }, 2, 1)
    const names = (await store().listAccountLog('d1', 10)).map(({ event, targetName }) => [event, targetName])
    expect(names).toEqual([
      ['signing-key.rotated', 'k2'],
      ['user.deleted', 'anna'],
      ['access-key.created', 'anna'],
      ['policy.created', 'one'],
      ['user.updated', 'ann'],
      ['user.created', 'ann'],
    ])
  })

  it('the account log of a domain is listed newest first, up to a limit, below a revision', async () => {
    await store().createInitialAccounts(initialAccounts())
    for (const n of [2, 3, 4, 5]) {
      const entry = logEntry('project.created', { kind: 'project', id: `p${n}` }, n === 4 ? 'd2' : 'd1')
      await store()
        .logged(entry)
        .createProject(project(`p${n}`, `${n}`))
    }
    const ids = async (limit: number, before?: number) =>
      (await store().listAccountLog('d1', limit, before)).map(({ target }) => target.id)
    expect(await ids(10)).toEqual(['p5', 'p3', 'p2'])
    expect(await ids(2)).toEqual(['p5', 'p3'])
    const [newest] = await store().listAccountLog('d1', 1)
    expect(await ids(10, newest?.revision)).toEqual(['p3', 'p2'])
    expect(await store().listAccountLog('none', 10)).toEqual([])
  })

  it('of the oldest entries of the account log those from before a moment are deleted, and their number is returned', async () => {
    await store().createInitialAccounts(initialAccounts())
    for (const [i, atMs] of [1000, 2000, 3000, 1500].entries()) {
      const entry = { ...logEntry('user.created', { kind: 'user', id: `u${i + 2}` }, i === 1 ? 'd2' : 'd1'), atMs }
      await store()
        .logged(entry)
        .createUser(user(`u${i + 2}`, `${i}`))
    }
    const revision = await store().getAccountsRevision()
    const left = async () => {
      const entries = await Promise.all(['d1', 'd2'].map((domain) => store().listAccountLog(domain, 10)))
      return entries.flat().map(({ target }) => target.id)
    }
    expect(await store().forgetAccountLog(1000, 10)).toBe(0)
    expect(await store().forgetAccountLog(2500, 1)).toBe(1)
    expect(await left()).toEqual(['u5', 'u4', 'u3'])
    expect(await store().forgetAccountLog(2500, 2)).toBe(1)
    expect(await left()).toEqual(['u5', 'u4'])
    expect(await store().forgetAccountLog(2500, 10)).toBe(1)
    expect(await left()).toEqual(['u4'])
    expect(await store().getAccountsRevision()).toBe(revision)
  })

  it('concurrent logged writes append an entry each', async () => {
    await store().createInitialAccounts(initialAccounts())
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const create = (name: string) =>
      store()
        .logged(logEntry('user.created', { kind: 'user', id: name }))
        .createUser(user(name, name))
    await Promise.all(names.map(create))
    const entries = await store().listAccountLog('d1', 10)
    expect(entries.map(({ targetName }) => targetName).toSorted()).toEqual(names)
  })

  it('projects can be added, changed and deleted, and a name is unique within a domain', async () => {
    await store().createInitialAccounts(initialAccounts())
    expect(await store().createProject(project('p2', 'two'))).toBe('done')
    expect(await store().createProject(project('p3', 'two'))).toBe('taken')
    expect(await store().createProject(project('p4', 'two', 'd2'))).toBe('done')
    expect(await store().updateProject('p2', { name: 'default' })).toBe('taken')
    expect(await store().updateProject('p2', { name: 'two', description: 'new' })).toBe('done')
    expect(await store().updateProject('p2', { enabled: false })).toBe('done')
    expect(await store().updateProject('p2', {})).toBe('done')
    const limits = { resourcesMax: 9, requestsPerSecondMax: 0 }
    expect(await store().updateProject('p2', { limits })).toBe('done')
    expect((await store().getProject('p2'))?.limits).toEqual(limits)
    expect(await store().updateProject('p2', { limits: {} })).toBe('done')
    expect(await store().updateProject('none', {})).toBe('absent')
    expect(await store().getProject('p2')).toEqual({
      ...project('p2', 'two'),
      description: 'new',
      enabled: false,
      tokenGeneration: 1,
    })
    expect(await store().deleteProject('p2')).toBe('done')
    expect(await store().deleteProject('p2')).toBe('absent')
    expect(await store().getProject('p2')).toBeUndefined()
    expect(await store().createProject(project('p5', 'two'))).toBe('done')
  })

  it('disabling a project raises its token generation, and nothing else does', async () => {
    await store().createInitialAccounts(initialAccounts())
    expect(await store().createProject(project('p2', 'two'))).toBe('done')
    const generation = async () => (await store().getProject('p2'))?.tokenGeneration
    for (const [changes, expected] of [
      [{ enabled: true }, 0],
      [{ description: 'x', name: 'y', tags: ['t'] }, 0],
      [{ enabled: false }, 1],
      [{ enabled: true }, 1],
      [{ enabled: false }, 2],
    ] as const) {
      expect(await store().updateProject('p2', changes)).toBe('done')
      expect(await generation()).toBe(expected)
    }
  })

  it('tags of a project are replaced, added up to a limit and removed, in the order in which they were added', async () => {
    await store().createInitialAccounts(initialAccounts())
    const tagsOf = async (id: string) => (await store().getProject(id))?.tags
    expect(await store().createProject({ ...project('p2', 'two'), tags: ['z', '标, "a"'] })).toBe('done')
    expect(await tagsOf('p2')).toEqual(['z', '标, "a"'])
    expect(await store().updateProject('p2', { description: 'new' })).toBe('done')
    expect(await tagsOf('p2')).toEqual(['z', '标, "a"'])
    expect(await store().updateProject('p2', { tags: ['b', 'a'] })).toBe('done')
    expect(await store().addProjectTag('p2', 'c', 3)).toBe('done')
    expect(await store().addProjectTag('p2', 'a', 3)).toBe('done')
    expect(await store().addProjectTag('p2', 'A', 3)).toBe('full')
    expect(await store().addProjectTag('none', 'a', 3)).toBe('absent')
    expect(await tagsOf('p2')).toEqual(['b', 'a', 'c'])
    expect((await store().listProjects('d1')).map(({ tags }) => tags)).toEqual([[], ['b', 'a', 'c']])
    expect(await store().removeProjectTag('p2', 'a')).toBe('done')
    expect(await store().removeProjectTag('p2', 'a')).toBe('absent')
    expect(await store().removeProjectTag('none', 'a')).toBe('absent')
    expect(await tagsOf('p2')).toEqual(['b', 'c'])
    expect(await store().ensureProject({ ...project('p3', 'two'), tags: ['x'] })).toMatchObject({ tags: ['b', 'c'] })
  })

  it('concurrent additions of tags to a project are all kept, up to the limit', async () => {
    await store().createInitialAccounts(initialAccounts())
    const verdicts = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((tag) => store().addProjectTag('p1', tag, 3)))
    expect(verdicts.sort()).toEqual(['done', 'done', 'done', 'full', 'full'])
    expect((await store().getProject('p1'))?.tags).toHaveLength(3)
  })

  it('the memberships of a project are deleted with it', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createProject(project('p2', 'two'))
    await store().commit('p1', [register('i1')])
    const image = { ownerProject: 'p1', imageId: 'i1', sequence: 1 }
    const limits = { membersPerImageMax: 9, pendingPerMemberMax: 9, pendingPerOwnerAndMemberMax: 9 }
    for (const memberProject of ['p2', 'p3']) {
      const member = { ...image, memberProject, status: 'pending', createdAtMs: 1, updatedAtMs: 1 } as const
      expect(await store().addImageMember(member, limits)).toBe('done')
    }
    expect(await store().deleteProject('p2')).toBe('done')
    expect((await store().listImageMembers(image)).map(({ memberProject }) => memberProject)).toEqual(['p3'])
  })

  it('a project is deleted with the roles in it, but not while it has resources', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createProject(project('p2', 'two'))
    const assignments: RoleAssignment[] = ['p1', 'p2'].map((scopeId) => ({
      userId: 'u1',
      scope: 'project',
      scopeId,
      role: 'readonly',
    }))
    for (const assignment of assignments) expect(await store().addAssignment(assignment)).toBe('done')
    await store().commit('p2', [register('i1')])
    expect(await store().deleteProject('p2')).toBe('in-use')
    await store().commit('p2', [remove('i1')])
    expect(await store().deleteProject('p2')).toBe('done')
    const scopes = (await store().listAssignments('u1')).map(({ scopeId }) => scopeId)
    expect(scopes.sort()).toEqual(['d1', 'p1'])
  })

  it('attributes of a user that are not given keep their values', async () => {
    await store().createInitialAccounts(initialAccounts())
    const attributes = { ...NO_ATTRIBUTES, phone: '1', areaCode: '0049', shouldChangePassword: true }
    expect(await store().createUser({ ...user('u2', 'b'), attributes })).toBe('done')
    expect(await store().updateUser('u2', { attributes: { phone: '', externalId: '说' } })).toBe('done')
    expect(await store().updateUser('u2', { description: 'new' })).toBe('done')
    expect((await store().getUser('u2'))?.attributes).toEqual({ ...attributes, phone: '', externalId: '说' })
    expect((await store().getUser('u1'))?.attributes).toEqual(NO_ATTRIBUTES)
  })

  it('users can be added, changed and listed by name, and a name is unique within a domain', async () => {
    await store().createInitialAccounts(initialAccounts())
    expect(await store().createUser(user('u2', 'b'))).toBe('done')
    expect(await store().createUser(user('u3', 'b'))).toBe('taken')
    expect(await store().createUser(user('u4', 'b', 'd2'))).toBe('done')
    expect(await store().createUser(user('u5', 'B'))).toBe('done')
    expect((await store().listUsers('d1')).map(({ name }) => name)).toEqual(['B', 'admin', 'b'])
    expect(await store().listUsers('none')).toEqual([])
    expect(await store().updateUser('none', {})).toBe('absent')
    expect(await store().updateUser('u2', { name: 'admin' })).toBe('taken')
    expect(await store().updateUser('u2', { name: 'b', description: 'new', email: 'b@example.com' })).toBe('done')
    const changed = { ...user('u2', 'b'), description: 'new', email: 'b@example.com' }
    expect(await store().getUser('u2')).toEqual(changed)
    expect(await store().updateUser('u2', {})).toBe('done')
    expect(await store().getUser('u2')).toEqual(changed)
  })

  it('setting a password and disabling a user raise the token generation, and nothing else does', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createUser(user('u2', 'two'))
    const generations: (number | undefined)[] = []
    for (const changes of [
      { description: 'x' },
      { passwordHash: 'new' },
      { enabled: true },
      { enabled: false },
      { enabled: false },
      { enabled: true },
      { enabled: false, passwordHash: 'newer' },
    ]) {
      await store().updateUser('u2', changes)
      generations.push((await store().getUser('u2'))?.tokenGeneration)
    }
    expect(generations).toEqual([0, 1, 1, 2, 2, 2, 3])
    expect(await store().getUser('u2')).toMatchObject({ passwordHash: 'newer', enabled: false })
  })

  it('a change with a token generation is stale when the generation is no longer current', async () => {
    await store().createInitialAccounts(initialAccounts())
    // An administrator resets the password after the user has read the record and before the user writes it.
    expect(await store().updateUser('u1', { passwordHash: 'reset' })).toBe('done')
    expect(await store().updateUser('u1', { passwordHash: 'own', name: 'new' }, 0)).toBe('stale')
    expect(await store().getUser('u1')).toMatchObject({ passwordHash: 'reset', name: 'admin', tokenGeneration: 1 })
    const both = ['own', 'too'].map((passwordHash) => store().updateUser('u1', { passwordHash }, 1))
    expect(await Promise.all(both)).toEqual(['done', 'stale'])
    expect(await store().getUser('u1')).toMatchObject({ passwordHash: 'own', tokenGeneration: 2 })
    expect(await store().updateUser('none', {}, 0)).toBe('absent')
  })

  it('a user gets no more custom roles in a scope than the limit', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createUser(user('u2', 'two'))
    for (const id of ['r1', 'r2', 'r3', 'r4']) await store().createRole(role(id, id))
    const give = (name: string, where: Partial<RoleAssignment> = {}) =>
      store().addAssignment({ ...inDomain('u2', name), ...where }, 2)
    expect(await Promise.all(['r1', 'r2', 'r3'].map((name) => give(name)))).toEqual(['done', 'done', 'full'])
    expect(await give('r1')).toBe('done')
    expect(await give('readonly')).toBe('done')
    expect(await give('r3', { scope: 'project', scopeId: 'p1' })).toBe('done')
    expect(await give('r3', { userId: 'u1', scope: 'project', scopeId: 'p1' })).toBe('done')
    expect(await store().removeAssignment(inDomain('u2', 'r1'))).toBe('done')
    expect(await give('r3')).toBe('done')
    expect(await give('r4')).toBe('full')
    expect(await store().addAssignment(inDomain('u2', 'r4'))).toBe('done')
  })

  it('an access key that an administrator disables is locked until an administrator enables it', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createAccessKey(key('a', 'u1'), 2)
    const setActive = (active: boolean, by: KeyChanger) => store().updateAccessKey('a', { active }, by)
    const state = async () => {
      const { active, locked } = (await store().getAccessKey('a')) as AccessKey
      return { active, locked }
    }
    expect([await setActive(false, 'user'), await setActive(true, 'user')]).toEqual(['done', 'done'])
    expect([await setActive(false, 'administrator'), await setActive(true, 'user')]).toEqual(['done', 'locked'])
    expect([await setActive(false, 'user'), await setActive(true, 'user')]).toEqual(['done', 'locked'])
    expect(await store().updateAccessKey('a', { description: 'new', active: true }, 'user')).toBe('locked')
    expect(await store().getAccessKey('a')).toMatchObject({ description: '' })
    expect(await store().updateAccessKey('a', { description: 'mine' }, 'user')).toBe('done')
    expect(await store().updateAccessKey('a', { description: 'new' }, 'administrator')).toBe('done')
    expect(await state()).toEqual({ active: false, locked: true })
    expect(await setActive(true, 'administrator')).toBe('done')
    expect(await state()).toEqual({ active: true, locked: false })
    // The same holds for a key that its user had disabled before.
    expect([await setActive(false, 'user'), await setActive(false, 'administrator')]).toEqual(['done', 'done'])
    expect(await setActive(true, 'user')).toBe('locked')
  })

  it('a user is deleted with its roles and access keys', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createUser(user('u2', 'two'))
    await store().addAssignment(inDomain('u2', 'readonly'))
    await store().createAccessKey(key('k2', 'u2'), 2)
    await store().createAccessKey(key('k1', 'u1'), 2)
    expect(await store().deleteUser('u2')).toBe('done')
    expect(await store().deleteUser('u2')).toBe('absent')
    expect(await store().getUser('u2')).toBeUndefined()
    expect(await store().listAssignments('u2')).toEqual([])
    expect(await store().getAccessKey('k2')).toBeUndefined()
    expect(await store().getAccessKey('k1')).toEqual(key('k1', 'u1'))
  })

  it('roles are assigned and removed for existing users in existing scopes', async () => {
    await store().createInitialAccounts(initialAccounts())
    const inProject: RoleAssignment = { userId: 'u1', scope: 'project', scopeId: 'p1', role: 'readonly' }
    expect(await store().addAssignment(inProject)).toBe('done')
    expect(await store().addAssignment(inProject)).toBe('done')
    expect(await store().listAssignments('u1')).toEqual([inDomain('u1', 'te_admin'), inProject])
    expect(await store().countAssignments('readonly')).toBe(1)
    for (const missing of [{ userId: 'none' }, { scopeId: 'none' }, { scope: 'domain' as const }]) {
      expect(await store().addAssignment({ ...inProject, ...missing })).toBe('absent')
    }
    expect(await store().removeAssignment(inProject)).toBe('done')
    expect(await store().removeAssignment(inProject)).toBe('absent')
    expect(await store().countAssignments('readonly')).toBe(0)
  })

  it('a domain keeps an unrestricted administrator', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createRole(role('r1', 'one'))
    const refusals = () =>
      Promise.all([
        store().updateUser('u1', { enabled: false }),
        store().deleteUser('u1'),
        store().removeAssignment(inDomain('u1', 'te_admin')),
        store().addAssignment(inDomain('u1', 'r1')),
      ])
    const last = Array(4).fill('last-admin')
    expect(await refusals()).toEqual(last)
    // None of these is an unrestricted administrator: disabled, only in a project, with a custom role, without a
    // password.
    for (const id of ['u2', 'u3', 'u4']) await store().createUser(user(id, id))
    for (const id of ['u2', 'u4']) await store().addAssignment(inDomain(id, 'te_admin'))
    await store().addAssignment({ userId: 'u3', scope: 'project', scopeId: 'p1', role: 'te_admin' })
    await store().updateUser('u2', { enabled: false })
    await store().createUser({ ...user('u5', 'u5'), passwordHash: '' })
    await store().addAssignment(inDomain('u5', 'te_admin'))
    expect(await store().addAssignment(inDomain('u4', 'r1'))).toBe('done')
    expect(await refusals()).toEqual(last)
    // System roles, and roles in a project, do not restrict an administrator.
    expect(await store().addAssignment(inDomain('u1', 'readonly'))).toBe('done')
    expect(await store().addAssignment({ userId: 'u1', scope: 'project', scopeId: 'p1', role: 'r1' })).toBe('done')
    expect(await refusals()).toEqual(last)
    expect(await store().removeAssignment(inDomain('u4', 'r1'))).toBe('done')
    expect(await store().updateUser('u1', { enabled: false })).toBe('done')
    expect(await store().deleteUser('u1')).toBe('done')
    expect(await store().deleteUser('u4')).toBe('last-admin')
  })

  it('of two administrators that are deleted at once exactly one is deleted', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createUser(user('u2', 'two'))
    await store().addAssignment(inDomain('u2', 'te_admin'))
    const verdicts = await Promise.all([store().deleteUser('u1'), store().deleteUser('u2')])
    expect(verdicts.sort()).toEqual(['done', 'last-admin'])
  })

  it('custom roles have unique display names within a domain and are not deleted while they are assigned', async () => {
    await store().createInitialAccounts(initialAccounts())
    expect(await store().createRole(role('r1', 'b'))).toBe('done')
    expect(await store().createRole(role('r2', 'b'))).toBe('taken')
    expect(await store().createRole(role('r3', 'b', 'd2'))).toBe('done')
    expect(await store().createRole(role('r4', 'A'))).toBe('done')
    expect(await store().getRole('r1')).toEqual(role('r1', 'b'))
    expect(await store().getRole('none')).toBeUndefined()
    expect((await store().listRoles('d1')).map(({ id }) => id)).toEqual(['r4', 'r1'])
    expect(await store().updateRole('r1', { displayName: 'A', updatedAtMs: 9 })).toBe('taken')
    expect(await store().updateRole('none', { updatedAtMs: 9 })).toBe('absent')
    const changes = { displayName: 'b', description: 'n', descriptionCn: 'c', type: 'AX', policy: '{"b":2}' } as const
    expect(await store().updateRole('r1', { ...changes, updatedAtMs: 9 })).toBe('done')
    expect(await store().getRole('r1')).toEqual({ ...role('r1', 'b'), ...changes, updatedAtMs: 9 })
    await store().createUser(user('u2', 'two'))
    await store().addAssignment(inDomain('u2', 'r1'))
    expect(await store().countAssignments('r1')).toBe(1)
    expect(await store().deleteRole('r1')).toBe('in-use')
    await store().removeAssignment(inDomain('u2', 'r1'))
    expect(await store().deleteRole('r1')).toBe('done')
    expect(await store().deleteRole('r1')).toBe('absent')
  })

  it('existing users can have as many access keys as the limit, listed oldest first', async () => {
    await store().createInitialAccounts(initialAccounts())
    expect(await store().createAccessKey(key('k', 'none'), 2)).toBe('absent')
    const made = ['b', 'a', 'c'].map((name, i) => store().createAccessKey(key(name, 'u1', 10 - i), 2))
    expect(await Promise.all(made)).toEqual(['done', 'done', 'full'])
    expect((await store().listAccessKeys('u1')).map(({ accessKey }) => accessKey)).toEqual(['a', 'b'])
    expect(await store().listAccessKeys('none')).toEqual([])
    expect(await store().getAccessKey('a')).toEqual(key('a', 'u1', 9))
    expect(await store().getAccessKey('c')).toBeUndefined()
    expect(await store().updateAccessKey('a', { active: false }, 'user')).toBe('done')
    expect(await store().updateAccessKey('a', { description: 'new' }, 'user')).toBe('done')
    expect(await store().getAccessKey('a')).toEqual({ ...key('a', 'u1', 9), active: false, description: 'new' })
    expect(await store().updateAccessKey('c', {}, 'user')).toBe('absent')
    expect(await store().deleteAccessKey('a')).toBe('done')
    expect(await store().deleteAccessKey('a')).toBe('absent')
    expect(await store().createAccessKey(key('c', 'u1', 8), 2)).toBe('done')
  })

  it('a revoked token stays revoked until its revocation is deleted after its expiry', async () => {
    await store().createInitialAccounts(initialAccounts())
    expect(await store().isTokenRevoked('t1')).toBe(false)
    await store().revokeToken('t1', 1000)
    await store().revokeToken('t2', 2000)
    expect(await store().isTokenRevoked('t1')).toBe(true)
    await store().forgetExpiredRevocations(1500)
    expect(await store().isTokenRevoked('t1')).toBe(false)
    expect(await store().isTokenRevoked('t2')).toBe(true)
  })

  it('domains are added with their first project and administrator, changed, and listed in order of their names', async () => {
    await store().createInitialAccounts(initialAccounts())
    expect(await store().createDomain(newDomain('2', 'b'))).toBe('done')
    expect(await store().createDomain(newDomain('3', 'b'))).toBe('taken')
    expect(await store().createDomain(newDomain('4', 'a'))).toBe('done')
    expect((await store().listDomains()).map(({ name }) => name)).toEqual(['a', 'b', 'default'])
    const { domain, project: first, user: administrator, assignment } = newDomain('2', 'b')
    expect(await store().getDomainByName('b')).toEqual(domain)
    expect(await store().getProject('p2')).toEqual(first)
    expect(await store().getUserByName('d2', 'admin')).toEqual(administrator)
    expect(await store().listAssignments('u2')).toEqual([assignment])
    expect(await store().getUser('u3')).toBeUndefined()
    expect(await store().updateDomain('none', { name: 'x' })).toBe('absent')
    expect(await store().updateDomain('d2', { name: 'a' })).toBe('taken')
    expect(await store().updateDomain('d2', { name: 'b', description: 'text' })).toBe('done')
    expect(await store().getDomain('d2')).toEqual({ ...domain, description: 'text' })
  })

  it('a domain without an administrator gets one by a change, and no second one', async () => {
    await store().createInitialAccounts(initialAccounts())
    const { domain, project: first, user: administrator, assignment } = newDomain('2', 'b')
    expect(await store().createDomain({ domain, project: first })).toBe('done')
    expect(await store().listUsers('d2')).toEqual([])
    const boss = { user: administrator as User, assignment: assignment as RoleAssignment }
    const other = { user: user('u9', 'nine', 'd2'), assignment: inDomain('u9', 'te_admin', 'd2') }
    await store().createUser(user('u8', 'nine', 'd2'))
    expect(await store().updateDomain('d2', { description: 'x' }, other)).toBe('taken')
    expect(await store().updateDomain('none', {}, boss)).toBe('absent')
    expect((await store().getDomain('d2'))?.description).toBe('')
    expect(await store().updateDomain('d2', { description: 'x' }, boss)).toBe('done')
    expect(await store().listAssignments('u2')).toEqual([assignment])
    expect((await store().getDomain('d2'))?.description).toBe('x')
    const third = { user: user('u7', 'seven', 'd2'), assignment: inDomain('u7', 'te_admin', 'd2') }
    expect(await store().updateDomain('d2', { description: 'y' }, third)).toBe('full')
    expect([await store().getUser('u7'), (await store().getDomain('d2'))?.description]).toEqual([undefined, 'x'])
  })

  it('disabling a domain raises the token generations of its users, and enabling it does not', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createDomain(newDomain('2', 'b'))
    await store().updateDomain('d2', { enabled: false })
    await store().updateDomain('d2', { enabled: true })
    const generations = await Promise.all(['u1', 'u2'].map(async (id) => (await store().getUser(id))?.tokenGeneration))
    expect(generations).toEqual([0, 1])
    expect((await store().getDomain('d2'))?.enabled).toBe(true)
  })

  it('a domain is deleted with everything that belongs to it, but not while it has resources', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().createDomain(newDomain('2', 'b'))
    await store().createRole(role('r2', 'one', 'd2'))
    await store().addAssignment({ userId: 'u2', scope: 'project', scopeId: 'p2', role: 'r2' })
    for (const user of ['u1', 'u2']) await store().createAccessKey(key(`k${user}`, user), 2)
    for (const domain of ['d1', 'd2']) await store().putPredefinedTags(domain, [{ key: 'a', value: '' }], 1, 10)
    await store().commit('p2', [register('i1')])
    expect(await store().deleteDomain('d2')).toBe('in-use')
    expect(await store().getUser('u2')).toBeDefined()
    await store().commit('p2', [remove('i1')])
    expect([await store().deleteDomain('d2'), await store().deleteDomain('d2')]).toEqual(['done', 'absent'])
    const left = [
      await store().getDomain('d2'),
      await store().getProject('p2'),
      await store().getUser('u2'),
      await store().getRole('r2'),
      await store().getAccessKey('ku2'),
      ...(await store().listAssignments('u2')),
      ...(await store().listPredefinedTags('d2')),
    ]
    expect(left.filter((record) => record !== undefined)).toEqual([])
    expect(await store().getUser('u1')).toBeDefined()
    expect(await store().getAccessKey('ku1')).toBeDefined()
    expect(await store().listPredefinedTags('d1')).toHaveLength(1)
  })

  it('a new signing key signs, the former one verifies until a moment, and keys that have ended are deleted', async () => {
    await store().createInitialAccounts(initialAccounts())
    const rotate = (id: string, verifiesUntilMs: number, nowMs: number) =>
      store().rotateSigningKey({ id, privateKey: `key ${id}` }, verifiesUntilMs, nowMs)
    await rotate('a', 2000, 1000)
    expect(await store().listSigningKeys()).toEqual([
      { id: 'a', privateKey: 'key a', verifiesUntilMs: undefined },
      { id: 'k1', privateKey: keyText(1), verifiesUntilMs: 2000 },
    ])
    await rotate('b', 3000, 1999)
    const ends = async () =>
      (await store().listSigningKeys()).map((key) => `${key.id} ${key.verifiesUntilMs ?? 'signs'}`).join(', ')
    expect(await ends()).toBe('a 3000, b signs, k1 2000')
    await rotate('c', 4000, 2000)
    expect(await ends()).toBe('a 3000, b 4000, c signs')
    await rotate('d', 2500, 2000)
    expect(await ends()).toBe('a 2500, b 2500, c 2500, d signs')
    await rotate('e', 2000, 2000)
    expect(await ends()).toBe('e signs')
  })

  it('of two concurrent rotations exactly one key signs', async () => {
    await store().createInitialAccounts(initialAccounts())
    const rotate = (id: string) => store().rotateSigningKey({ id, privateKey: `key ${id}` }, 2000, 1000)
    await Promise.all([rotate('a'), rotate('b')])
    const keys = await store().listSigningKeys()
    expect(keys.map(({ verifiesUntilMs }) => verifiesUntilMs).toSorted()).toEqual([2000, 2000, undefined])
  })

  it('secrets are replaced unless they are no longer stored in the given form, and the number is returned', async () => {
    await store().createInitialAccounts(initialAccounts())
    for (const id of ['y', 'x']) await store().createAccessKey(key(id, 'u1'), 2)
    const replaced = await store().replaceSecrets([
      secret('signing-key', 'k1', keyText(1), 'sealed key'),
      secret('access-key', 'x', 'secret of x', 'sealed secret'),
      secret('access-key', 'y', 'another secret', 'sealed secret'),
      secret('access-key', 'k1', 'key 1', 'sealed secret'),
    ])
    expect(replaced).toBe(2)
    expect(await store().listSigningKeys()).toMatchObject([{ id: 'k1', privateKey: 'sealed key' }])
    expect(await store().listAccessKeySecrets()).toEqual([
      { accessKey: 'x', secretKey: 'sealed secret' },
      { accessKey: 'y', secretKey: 'secret of y' },
    ])
    expect((await store().getAccessKey('x'))?.secretKey).toBe('sealed secret')
    expect(await store().replaceSecrets([])).toBe(0)
  })

  it('accounts are stored after the store is closed and opened again', async () => {
    await store().createInitialAccounts(initialAccounts())
    await store().revokeToken('t1', 1000)
    const again = await reopened()
    expect(await again.listSigningKeys()).toMatchObject([{ id: 'k1', privateKey: keyText(1) }])
    expect(await again.isTokenRevoked('t1')).toBe(true)
    expect(await again.createInitialAccounts(initialAccounts('2'))).toBe(false)
  })

  it('close finishes the calls in flight, later calls are refused, and a second close does nothing', async () => {
    const underWay = store().createInitialAccounts(initialAccounts())
    const closing = store().close()
    expect(await underWay).toBe(true)
    await closing
    await store().close()
    await expect(store().revokeToken('t', 1)).rejects.toThrow('closed')
  })
}
