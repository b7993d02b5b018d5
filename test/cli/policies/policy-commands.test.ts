import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { envPolicy } from '../../api/tagwerk-v1/policy-calls.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { type Ran, type RunOptions, run } from '../run.ts'

let test: TestService
let folder: string
beforeAll(async () => {
  test = await startTestService()
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-policies-'))
})
afterAll(async () => {
  await test.stop()
  await rm(folder, { recursive: true, force: true })
})

const ask = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  run(argv, { endpoint: test.url, ...options })

async function fileOf(name: string, content: unknown): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

it('a policy is put, listed, shown as a file and deleted', async () => {
  const file = await fileOf('base.json', envPolicy('prod', 'test'))
  const put = await ask(['policy', 'put', 'base', file, '--all-projects'])
  expect(put).toMatchObject({ code: 0, stdout: 'Put the policy base about env.\n', stderr: '' })
  expect((await ask(['policy', 'list', '--all-projects'])).stdout).toMatch(
    /^NAME +KEYS +UPDATED AT\nbase +env +2\d{3}-/,
  )
  expect(JSON.parse((await ask(['policy', 'show', 'base', '--all-projects'])).stdout)).toEqual(
    envPolicy('prod', 'test'),
  )
  const effective = await ask(['policy', 'show'])
  expect(effective.stdout).toMatch(/env +prod test +images/)
  expect(JSON.parse((await ask(['policy', 'list', '--json'])).stdout)).toEqual({ policies: [] })
  expect(await ask(['policy', 'delete', 'base', '--all-projects'])).toMatchObject({ code: 2 })
  expect(await ask(['policy', 'delete', 'base', '--all-projects', '--yes'])).toMatchObject({
    code: 0,
    stdout: 'Deleted the policy base.\n',
  })
})

it('warnings are printed, also about settings without effect', async () => {
  const closed = await fileOf('closed.json', {
    tags: { '@@operators_allowed_for_child_policies': ['@@none'], env: {} },
  })
  await ask(['policy', 'put', 'closed', closed, '--all-projects'])
  const file = await fileOf('extra.json', envPolicy('prod'))
  const put = await ask(['policy', 'put', 'extra', file])
  expect(put.stderr).toMatch(/^warning: tags\.env\.tag_value\.@@assign: It has no effect/)
  expect((await ask(['policy', 'show'])).stderr).toMatch(/^warning: project extra: tags\.env\.tag_value\.@@assign: /)
  expect(JSON.parse((await ask(['policy', 'put', 'extra', file, '--json'])).stdout).warnings).toHaveLength(2)
})

it('an assignment of Config is converted into a policy', async () => {
  const assignment = { parameters: { specifiedTagKey: { value: 'env' } }, policy_filter: { resource_provider: 'acme' } }
  const { code, stdout, stderr } = await ask(['policy', 'convert', await fileOf('assignment.json', assignment)])
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    { tags: { env: { tag_key: { '@@assign': 'env' }, report_required_tag_for: { '@@assign': ['acme:*'] } } } },
  ])
  expect(stderr).toMatch(/^warning: tags\.env\.report_required_tag_for\.@@assign\[0\]: "acme:\*" is no registered type/)
})

it('a file that cannot be read, or is not JSON, is named', async () => {
  expect(await ask(['policy', 'put', 'a', join(folder, 'none.json')])).toMatchObject({ code: 1 })
  const bad = await ask(['policy', 'put', 'a', await fileOf('bad.json', '{')])
  expect([bad.code, bad.stderr]).toEqual([1, expect.stringMatching(/bad\.json is not JSON/)])
  expect(await ask(['policy', 'show', '--all-projects'])).toMatchObject({ code: 2 })
})
