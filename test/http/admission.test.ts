import { expect, it } from 'vitest'
import { Admission } from '../../src/http/admission.ts'
import type { Principal } from '../../src/iam/principal.ts'

const domain = { id: 'd', name: 'd' }
const user = { id: 'u', name: 'u', domain }
type Caller = Pick<Principal, 'scope' | 'user'>
const project = (id: string): Caller => ({ user, scope: { kind: 'project', project: { id, name: id }, domain } })
const inDomain: Caller = { user, scope: { kind: 'domain', domain } }
const atOnce = { arrived: () => undefined, begin: () => undefined }

it('a project may have as many requests in flight as its limit; others are not affected', async () => {
  const admission = new Admission(atOnce, async (id) => (id === 'free' ? 0 : 2))
  const leave = await admission.enter(project('p'))
  await admission.enter(project('p'))
  const refusal = { code: 'throttled', facts: { retryAfterSeconds: 1 } }
  await expect(admission.enter(project('p'))).rejects.toMatchObject(refusal)
  await admission.enter(project('q'))
  await admission.enter(inDomain)
  for (let i = 0; i < 10; i++) await admission.enter(project('free'))
  leave()
  await admission.enter(project('p'))
  await expect(admission.enter(project('p'))).rejects.toMatchObject(refusal)
})

it('a request that waits for its turn is in flight', async () => {
  let begin: () => void = () => undefined
  const turn = new Promise<void>((resolve) => (begin = resolve))
  const admission = new Admission({ arrived: () => undefined, begin: () => turn }, async () => 1)
  const entering = admission.enter(project('p'))
  await expect(admission.enter(project('p'))).rejects.toMatchObject({ code: 'throttled' })
  begin()
  const leave = await entering
  leave()
  await admission.enter(project('p'))
})

it('requests of one project share its turns, whoever sends them, and a domain has its own', async () => {
  const begun: string[][] = []
  const admission = new Admission(
    { arrived: () => undefined, begin: (owner, sender) => void begun.push([owner, sender]) },
    async () => 0,
  )
  await admission.enter(project('p'))
  await admission.enter({ ...project('p'), user: { ...user, id: 'other' } })
  await admission.enter(inDomain)
  expect(begun).toEqual([
    ['p', 'u'],
    ['p', 'other'],
    ['d', 'u'],
  ])
})

it('idle resolves when the last request in flight has left', async () => {
  const admission = new Admission(atOnce, async () => 0)
  await admission.idle()
  const [first, second] = [await admission.enter(project('p')), await admission.enter(project('q'))]
  let isIdle = false
  const idle = Promise.all([admission.idle(), admission.idle()]).then(() => (isIdle = true))
  first()
  await new Promise(setImmediate)
  expect(isIdle).toBe(false)
  second()
  await idle
  expect(isIdle).toBe(true)
})
