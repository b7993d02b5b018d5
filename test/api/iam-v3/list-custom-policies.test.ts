import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { give, newPolicy } from './policies.ts'
import { asked, bad, needsDomain, withWorld } from './world.ts'

// GET /v3.0/OS-ROLE/roles (OTC IAM API, "Listing Custom Policies").

const world = withWorld()
const PATH = '/v3.0/OS-ROLE/roles'

type Listed = { roles: { id: string; references: number }[]; links: Record<string, string | null> }

it('lists the custom policies of the domain by display name, with the number of their assignments', async () => {
  const { ask, ids } = world()
  expect((await ask('GET', PATH)).body).toMatchObject({ roles: [], total_number: 0 })
  const made = []
  for (const name of ['b', 'a', 'C']) made.push(await newPolicy(world(), name, ['ims:images:list']))
  await give(world(), 'projects/{project}', ids.reader as string, made[0]?.id as string)
  await give(world(), 'domains/{domain}', ids.reader as string, made[0]?.id as string)
  const { status, body } = await ask('GET', PATH, undefined, 'watcher')
  const [b, a, c] = made
  expect([status, body.total_number]).toEqual([200, 3])
  expect(body.roles).toEqual([
    { ...c, references: 0 },
    { ...a, references: 0 },
    { ...b, references: 2 },
  ])
})

it('in pages whose links lead through all of them', async () => {
  const { ask } = world()
  const seen: string[] = []
  for (let next: string | null = `${PATH}?per_page=2`; next !== null; ) {
    const body = (await ask('GET', next.slice(next.indexOf('/v3.0')))).body as Listed
    seen.push(...body.roles.map(({ id }) => id))
    next = body.links.next ?? null
  }
  const whole = (await ask('GET', PATH)).body as Listed
  expect(seen).toEqual(whole.roles.map(({ id }) => id))
  expect((await ask('GET', `${PATH}?page=9`)).body).toMatchObject({ roles: [], total_number: 3 })
})

describe('answers', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: PATH }),
      asked('400 to page 0', 'GET', `${PATH}?page=0`, bad('page', '0')),
      asked('400 to pages of 0', 'GET', `${PATH}?per_page=0`, bad('per_page', '0')),
      asked('200 to pages of 300', 'GET', `${PATH}?per_page=300`, { status: 200 }),
      asked('400 to pages of 301', 'GET', `${PATH}?per_page=301`, bad('per_page', '300', '301')),
    ],
  ))
