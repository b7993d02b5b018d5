import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../cli/run.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, newImageId, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// POST /tagwerk/v1/{project_id}/policies/rehearse

const DAY_MS = 86_400_000
const POLICY = {
  tags: { env: { tag_value: { '@@assign': ['prod'] }, enforced_for: { '@@assign': ['ims:image'] } } },
}

let service: TestService
let target: Target
let nowMs = Date.parse('2026-11-20T12:00:00Z')
const id = newImageId()

beforeAll(async () => {
  service = await startTestService({ internals: { clock: () => nowMs } })
  await service.register(image(newImageId(), 'env=before'))
  nowMs += 5 * DAY_MS
  service = await service.renewed()
  await service.register(image(id, 'env=prod'), image(newImageId(), 'env=test'))
  nowMs += DAY_MS
  service = await service.renewed()
  for (const tags of [[{ key: 'Env', value: 'prod' }], [{ key: 'team', value: 'web' }], [{ key: 'env', value: '' }]]) {
    const path = `/tagwerk/v1/${service.project}/resources/images/${id}/tags`
    expect((await service.call('POST', path, { body: { action: 'create', tags } })).status).toBe(200)
  }
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const PATH = '/tagwerk/v1/{project}/policies/rehearse'
const rehearse = async (body: object) =>
  (await service.call('POST', PATH.replace('{project}', service.project), { body: { policy: POLICY, ...body } })).body

describe('the rehearsal of a policy', () => {
  it('judges the writes since a moment, and says how the present complies', async () => {
    const body = await rehearse({ since: '-2d' })
    const actor = { id: expect.any(String), name: 'admin' }
    expect(body).toEqual({
      ...{ from: 1, to: 6, partial: false, writes: 5, would_refuse: 3 },
      by_key: [{ key: 'env', writes: 3 }],
      by_actor: [{ actor, writes: 3 }],
      by_day: [
        { day: '2026-11-25', writes: 1 },
        { day: '2026-11-26', writes: 2 },
      ],
      samples: [
        expect.objectContaining({ revision: 3, key: 'env', value: 'test', problem: 'wrong-value', actor }),
        {
          ...{ revision: 4, at: '2026-11-26T12:00:00.000Z', actor, request_id: expect.any(String) },
          ...{ resource_type: 'images', resource_id: id, key: 'Env', value: 'prod', problem: 'wrong-case' },
        },
        expect.objectContaining({ revision: 6, key: 'env', value: '', problem: 'wrong-value' }),
      ],
      present: {
        ...{ revision: 6, resources: 3, compliant: 0 },
        problems: { missing: 0, 'wrong-value': 3, 'wrong-case': 1 },
      },
    })
  })

  it('begins at a revision or a time, and names as many writes as are asked for', async () => {
    const some = await rehearse({ since: '4', samples: 0 })
    expect([some.from, some.writes, some.would_refuse, some.samples]).toEqual([4, 2, 1, []])
    expect((await rehearse({ since: '2026-11-01T00:00:00Z' })).writes).toBe(6)
  })

  it('is printed by the command', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tagwerk-policy-'))
    const file = join(folder, 'policy.json')
    await writeFile(file, JSON.stringify(POLICY))
    const at = { endpoint: service.url, nowMs }
    const { code, stdout, stderr } = await run(['policy', 'rehearse', file, '--since', '30d'], at)
    await rm(folder, { recursive: true, force: true })
    expect([code, stderr]).toEqual([0, '4 of 6 writes would have been refused.\n'])
    expect(stdout).toMatch(/REVISION +TIME +BY +TYPE +ID +KEY +VALUE +PROBLEM/)
    expect(stdout).toMatch(/4 +2026-11-26T12:00:00.000Z +admin +images +\S+ +Env +prod +wrong-case/)
  })
})

describe('answers about rehearsals', () => {
  const of = (body: object) => ({ method: 'POST', path: PATH, body })
  runScenarios(
    () => target,
    [
      {
        name: 'a moment that cannot be read is refused',
        request: of({ policy: POLICY, since: 'yesterday' }),
        ...tagwerkError(400, 'request-invalid', 'since', '-30d'),
      },
      {
        name: 'a revision that is not reached yet is refused',
        request: of({ policy: POLICY, since: '99' }),
        ...tagwerkError(400, 'revision-unknown', 'since'),
      },
      {
        name: 'more samples than an answer has are refused',
        request: of({ policy: POLICY, since: '-1d', samples: 1001 }),
        ...tagwerkError(400, 'request-invalid', 'samples'),
      },
    ],
  )
})
