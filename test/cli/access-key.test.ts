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
    const { credential, domain_id } = JSON.parse(stdout)
    const { domain } = JSON.parse((await run(['projects', '--json'], { endpoint: test.url })).stdout)
    expect(domain_id).toBe(domain.id)
    expect(credential).toMatchObject({ description: 'ci', status: 'active', secret: expect.any(String) })
    const third = await ask('--env')
    expect([third.code, third.stdout]).toEqual([1, ''])
    expect(third.stderr).toMatch(/^error: the service answered 4\d\d .*akSkNumExceed/)
  })

  it('access-key --env prints the variables that SDKs and Terraform providers read', async () => {
    const other = await startTestService()
    const { code, stdout, stderr } = await run(['access-key', '--env'], { endpoint: other.url })
    expect([code, stderr]).toEqual([0, ''])
    const pairs = stdout
      .trimEnd()
      .split('\n')
      .map((line) => /^export (\w+)=(\w+)$/.exec(line)?.slice(1))
    const env = Object.fromEntries(pairs as [string, string][])
    const { HUAWEICLOUD_SDK_AK: access = '', HUAWEICLOUD_SDK_SK: secret = '', HUAWEICLOUD_SDK_DOMAIN_ID } = env
    expect(env).toMatchObject({
      HW_ACCESS_KEY: access,
      HW_SECRET_KEY: secret,
      OS_ACCESS_KEY: access,
      OS_SECRET_KEY: secret,
    })
    const call = {
      method: 'GET',
      path: '/v1.0/predefine_tags',
      headers: { 'x-domain-id': HUAWEICLOUD_SDK_DOMAIN_ID as string },
    }
    expect((await sendSigned(other.url, { access, secret }, call)).status).toBe(200)
    await other.stop()
  })
})
