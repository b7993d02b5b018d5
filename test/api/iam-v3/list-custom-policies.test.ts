import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { give, newPolicy } from './policies.ts'
import { asked, bad, needsDomain, withWorld } from './world.ts'

// GET /v3.0/OS-ROLE/roles (OTC IAM API, "Listing Custom Policies").

const world = withWorld()
const PATH = '/v3.0/OS-ROLE/roles'

type Listed = { roles: { id: string; references: number }[]; links: Record<string, string | null> }

it('custom policies of the domain are listed by display name with the number of their assignments', async () => {
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

it('the links of pages lead through all custom policies', async () => {
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

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: PATH }),
      asked('page number 0 is answered with 400', 'GET', `${PATH}?page=0`, bad('page', '0')),
      asked('a page size of 0 is answered with 400', 'GET', `${PATH}?per_page=0`, bad('per_page', '0')),
      asked('a page size of 300 is answered with 200', 'GET', `${PATH}?per_page=300`, { status: 200 }),
      asked('a page size of 301 is answered with 400', 'GET', `${PATH}?per_page=301`, bad('per_page', '300', '301')),
    ],
  ))
