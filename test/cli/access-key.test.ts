import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { sendSigned } from '../support/signing.ts'
import { run } from './run.ts'

let test: TestService
beforeAll(async () => {
  test = await startTestService()
})
afterAll(() => test.stop())

const ask = (...argv: string[]) => run(['access-key', ...argv], { endpoint: test.url })

describe('tagwerk access-key', () => {
  it('access-key creates a key that signs requests', async () => {
    const { code, stdout, stderr } = await ask()
    expect([code, stderr]).toEqual([0, ''])
    const [, access = '', secret = ''] = /^access {2}(\w{20})\nsecret {2}(\w{40})\n$/.exec(stdout) ?? []
    const headers = { 'x-project-id': test.project }
    const call = { method: 'GET', path: `/v3/${test.project}/tags`, headers }
    expect((await sendSigned(test.url, { access, secret }, call)).status).toBe(200)
  })

  it('access-key --json prints the response, and a third key is refused', async () => {
    const { code, stdout } = await ask('--json', '--description', 'ci')
    expect(code).toBe(0)
    const { credential } = JSON.parse(stdout)
    expect(credential).toMatchObject({ description: 'ci', status: 'active', secret: expect.any(String) })
    const third = await ask()
    expect([third.code, third.stdout]).toEqual([1, ''])
    expect(third.stderr).toMatch(/^error: the service answered 4\d\d .*akSkNumExceed/)
  })
})
