import { afterAll, beforeAll, expect, it } from 'vitest'
import { Random } from '../../support/random.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, newImageId, texts } from '../fixtures.ts'

// A rehearsal refuses the writes that are refused when they are sent to a service that enforces the policy.

const POLICY = {
  tags: {
    env: { tag_value: { '@@assign': ['prod', 'dev*'] }, enforced_for: { '@@assign': ['ims:image'] } },
    owner: {
      enforced_for: { '@@assign': ['ims:image'] },
      report_required_tag_for: { '@@assign': ['ims:image'] },
      required_on_create: true,
    },
  },
}
const KEYS = ['env', 'Env', 'owner', 'note']
const VALUES = ['prod', 'dev-1', 'test', '']
const WRITES = 150

type Write = {
  readonly id: string
  readonly act: 'import' | 'create' | 'delete' | 'remove'
  readonly tags: readonly string[]
}

let free: TestService
let strict: TestService

beforeAll(async () => {
  free = await startTestService()
  strict = await startTestService()
  const path = `/tagwerk/v1/${strict.project}/policies/all`
  expect((await strict.call('PUT', path, { body: POLICY })).status).toBe(200)
})
afterAll(async () => {
  await free.stop()
  await strict.stop()
})

function writes(random: Random): readonly Write[] {
  const ids = texts('', 6).map(() => newImageId())
  return Array.from({ length: WRITES }, () => {
    const keys = new Set([random.pick(KEYS), random.pick(KEYS), random.pick(KEYS)])
    return {
      id: random.pick(ids),
      act: random.below(15) === 0 ? 'remove' : random.pick(['import', 'create', 'create', 'delete'] as const),
      tags: Array.from(keys, (key) => `${key}=${random.pick(VALUES)}`),
    }
  })
}

/** Sends a write. Says whether it was refused by a policy. */
async function send(service: TestService, { id, act, tags }: Write): Promise<boolean> {
  const path = `/tagwerk/v1/${service.project}/resources/images/${id}`
  if (act === 'import') {
    const { body } = await service.register(image(id, ...tags))
    return body.refused > 0
  }
  const given = tags.map((text) => ({ key: text.split('=')[0], value: text.split('=')[1] }))
  if (given.length === 0 && act !== 'remove') return false
  const { status, body } =
    act === 'remove'
      ? await service.call('DELETE', path)
      : await service.call('POST', `${path}/tags`, {
          body: { action: act, tags: act === 'delete' ? given.map(({ key }) => ({ key })) : given },
        })
  if (status >= 400) expect(['tag-policy-violated', 'resource-not-found', 'tag-not-found']).toContain(body.error_code)
  return status >= 400 && body.error_code === 'tag-policy-violated'
}

it('a rehearsal refuses as many writes as the enforcement does, when the same writes are sent', async () => {
  const random = new Random(5)
  let refused = 0
  let sent = 0
  for (const write of writes(random)) {
    const before = await revisionOf(free)
    const had = await tagsOf(free, write.id)
    await send(free, write)
    // A write that changed nothing is not in the log.
    if ((await revisionOf(free)) === before) continue
    sent++
    // Nor does the log have what a write set again to the same value.
    const tags = write.act === 'create' ? write.tags.filter((tag) => !had.includes(tag)) : write.tags
    if (await send(strict, { ...write, tags })) refused++
  }
  const path = `/tagwerk/v1/${free.project}/policies/rehearse`
  const { body } = await free.call('POST', path, { body: { policy: POLICY, since: '0', samples: 1000 } })
  expect(body.writes).toBe(sent)
  expect(refused).toBeGreaterThan(10)
  expect(body.would_refuse).toBe(refused)
})

async function tagsOf(service: TestService, id: string): Promise<readonly string[]> {
  const { body } = await service.call('GET', `/tagwerk/v1/${service.project}/resources/images/${id}`)
  return (body.tags ?? []).map(({ key, value }: { key: string; value: string }) => `${key}=${value}`)
}

async function revisionOf(service: TestService): Promise<number> {
  const answer = await service.call('GET', `/tagwerk/v1/${service.project}/tag-keys?limit=1`)
  return Number(answer.headers.get('x-tagwerk-revision'))
}
