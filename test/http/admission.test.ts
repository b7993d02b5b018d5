import { expect, it } from 'vitest'
import { Admission } from '../../src/http/admission.ts'
import type { Scope } from '../../src/iam/principal.ts'

const domain = { id: 'd', name: 'd' }
const project = (id: string): Scope => ({ kind: 'project', project: { id, name: id }, domain })
const atOnce = { arrived: () => undefined, begin: () => undefined }

it('a project may have as many requests in flight as its limit; others are not affected', async () => {
  const admission = new Admission(atOnce, async (id) => (id === 'free' ? 0 : 2))
  const leave = await admission.enter(project('p'))
  await admission.enter(project('p'))
  const refusal = { code: 'throttled', facts: { retryAfterSeconds: 1 } }
  await expect(admission.enter(project('p'))).rejects.toMatchObject(refusal)
  await admission.enter(project('q'))
  await admission.enter({ kind: 'domain', domain })
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
  const owners: string[] = []
  const admission = new Admission(
    { arrived: () => undefined, begin: (owner) => void owners.push(owner) },
    async () => 0,
  )
  await admission.enter(project('p'))
  await admission.enter({ kind: 'domain', domain })
  expect(owners).toEqual(['p', 'd'])
})
