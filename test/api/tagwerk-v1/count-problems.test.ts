import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../cli/run.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, instance, newImageId, newInstanceId, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// POST /tagwerk/v1/{project_id}/compliance

const POLICY = {
  tags: {
    env: { tag_value: { '@@assign': ['prod'] }, report_required_tag_for: { '@@assign': ['ims:image'] } },
    owner: { tag_key: { '@@assign': 'Owner' } },
  },
}

let service: TestService
let target: Target
let folder: string

beforeAll(async () => {
  service = await startTestService()
  await service.register(
    image(newImageId(), 'env=prod'),
    image(newImageId()),
    image(newImageId(), 'env=test', 'owner=x'),
    instance(newInstanceId(), 'env=prod'),
  )
  target = await targetOf(service, {})
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-policy-'))
  await writeFile(join(folder, 'policy.json'), JSON.stringify(POLICY))
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true, force: true })
})

const PATH = '/tagwerk/v1/{project}/compliance'

describe('compliance with a policy', () => {
  it('has the number of resources with each problem, by key and type, and of those without any', async () => {
    const { body, headers } = await service.call('POST', PATH.replace('{project}', service.project), {
      body: { policy: POLICY },
    })
    expect(headers.get('x-tagwerk-revision')).toBe('4')
    expect(body).toEqual({
      ...{ revision: 4, resources: 4, compliant: 2 },
      types: [
        { resource_type: 'images', resources: 3, compliant: 1 },
        { resource_type: 'instances', resources: 1, compliant: 1 },
      ],
      keys: [
        {
          ...{ key: 'Owner', missing: 0, 'wrong-value': 0, 'wrong-case': 1 },
          types: [{ resource_type: 'images', missing: 0, 'wrong-value': 0, 'wrong-case': 1 }],
        },
        {
          ...{ key: 'env', missing: 1, 'wrong-value': 1, 'wrong-case': 0 },
          types: [{ resource_type: 'images', missing: 1, 'wrong-value': 1, 'wrong-case': 0 }],
        },
      ],
    })
  })

  it('is that of an earlier moment if one is named', async () => {
    const { body } = await service.call('POST', PATH.replace('{project}', service.project), {
      body: { policy: POLICY, as_of: 1 },
    })
    expect([body.revision, body.resources, body.compliant]).toEqual([1, 1, 1])
  })

  it('is printed by the command, whose exit code ends a pipeline', async () => {
    const at = { endpoint: service.url }
    const file = join(folder, 'policy.json')
    const all = await run(['policy', 'check', file], at)
    expect([all.code, all.stderr]).toEqual([1, '2 of 4 resources do not comply.\n'])
    expect(all.stdout).toMatch(
      /KEY +TYPE +MISSING +WRONG VALUE +WRONG CASE\nOwner +images +0 +0 +1\nenv +images +1 +1 +0\n/,
    )
    const some = await run(['policy', 'check', '-', '--type', 'instances', '--json'], {
      ...at,
      stdin: JSON.stringify(POLICY),
    })
    expect([some.code, JSON.parse(some.stdout).compliant]).toEqual([0, 1])
    const bad = await run(['policy', 'check', '-'], { ...at, stdin: 'tags: no' })
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('is not a tag policy')])
  })
})

describe('answers about compliance', () => {
  const of = (body: object) => ({ method: 'POST', path: PATH, body })
  runScenarios(
    () => target,
    [
      {
        name: 'a policy that is no object is refused',
        request: of({ policy: [] }),
        ...tagwerkError(400, 'request-invalid', 'object'),
      },
      {
        name: 'the token of another project is refused',
        request: { ...of({ policy: POLICY }), token: 'other' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
    ],
  )
})
