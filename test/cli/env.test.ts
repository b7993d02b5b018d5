import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printVariables } from '../../src/cli/client-variables.ts'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../support/service.ts'
import { sendSigned } from '../support/signing.ts'
import { run } from './run.ts'

const KEY = {
  TAGWERK_ACCESS_KEY: 'ABCDEFGHIJKLMNOP1234',
  TAGWERK_ACCESS_KEY_SECRET: 'abcdefghijklmnopqrstuvwxyz0123456789+/==',
}

let service: TestService
beforeAll(async () => {
  service = await startTestService({ flags: { region: 'eu-de' }, env: KEY })
})
afterAll(() => service.stop())

const envOf = (args: readonly string[], env: Record<string, string | undefined> = {}) =>
  run(['env', ...args], { endpoint: service.url, env })

describe('tagwerk env', () => {
  it('prints where the service is, without secrets', async () => {
    const { code, stdout, stderr } = await envOf(['--json'], KEY)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      OS_AUTH_URL: `${service.url}/v3`,
      OS_IDENTITY_API_VERSION: '3',
      OS_REGION_NAME: 'eu-de',
      OS_USERNAME: 'admin',
      OS_USER_DOMAIN_NAME: 'default',
      OS_PROJECT_NAME: 'eu-de',
      OS_PROJECT_DOMAIN_NAME: 'default',
      HW_AUTH_URL: `${service.url}/v3`,
      HW_REGION_NAME: 'eu-de',
      HW_DOMAIN_NAME: 'default',
      HW_PROJECT_NAME: 'eu-de',
      HUAWEICLOUD_SDK_PROJECT_ID: service.project,
      HUAWEICLOUD_SDK_DOMAIN_ID: expect.stringMatching(/^[0-9a-f]{32}$/),
      HUAWEICLOUD_SDK_IAM_ENDPOINT: service.url,
      HUAWEICLOUD_SDK_REGION_IAM_EU_DE: service.url,
      HUAWEICLOUD_SDK_REGION_IMS_EU_DE: service.url,
      HUAWEICLOUD_SDK_REGION_GAUSSDB_EU_DE: service.url,
      HUAWEICLOUD_SDK_REGION_TMS_EU_DE: service.url,
    })
  })

  it('with --secrets it prints the password, and an access key that signs', async () => {
    const { stdout } = await envOf(['--secrets', '--json'], KEY)
    const variables = JSON.parse(stdout)
    expect(variables.OS_PASSWORD).toBe(ADMIN_PASSWORD)
    expect([variables.HW_ACCESS_KEY, variables.OS_ACCESS_KEY]).toEqual([KEY.TAGWERK_ACCESS_KEY, KEY.TAGWERK_ACCESS_KEY])
    const key = { access: variables.HUAWEICLOUD_SDK_AK, secret: variables.HUAWEICLOUD_SDK_SK }
    const list = { method: 'GET', path: `/v2/${variables.HUAWEICLOUD_SDK_PROJECT_ID}/images/tags` }
    expect((await sendSigned(service.url, key, list)).status).toBe(200)
  })

  it('a shell takes the values over as they are', async () => {
    const { stdout } = await envOf(['--secrets'], KEY)
    const script = `${stdout}\nprintf '%s|%s|%s' "$OS_PASSWORD" "$HW_SECRET_KEY" "$OS_AUTH_URL"`
    const shell = await promisify(execFile)('sh', ['-c', script])
    expect(shell.stdout).toBe(`${ADMIN_PASSWORD}|${KEY.TAGWERK_ACCESS_KEY_SECRET}|${service.url}/v3`)
  })

  it('without a password it leaves the ids out, and says which secrets are missing', async () => {
    const { code, stdout, stderr } = await envOf(['--secrets'], { TAGWERK_PASSWORD: undefined })
    expect(code).toBe(0)
    expect(stdout).toContain('export HW_PROJECT_NAME=eu-de\n')
    expect(stdout).not.toMatch(/PROJECT_ID|DOMAIN_ID|PASSWORD|_SK|SECRET/)
    expect(stderr).toMatch(/^warning: no password .*\nwarning: no access key .*"tagwerk access-key --env"\.\n$/)
  })

  it('names a project that does not exist, and half an access key', async () => {
    expect(await envOf(['--project', 'eu-nl'])).toMatchObject({ code: 1, stderr: expect.stringContaining('"eu-nl"') })
    const half = { TAGWERK_ACCESS_KEY: KEY.TAGWERK_ACCESS_KEY }
    expect(await envOf([], half)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: TAGWERK_ACCESS_KEY needs TAGWERK_ACCESS_KEY_SECRET\n',
    })
  })
})

describe('the forms of variables', () => {
  const odd = `it's "$HOME" \\n \`x\` ’`
  it('a shell gets a text with quotes and dollars as it is', async () => {
    const script = `${printVariables([['ODD', odd]], 'shell')}\nprintf '%s' "$ODD"`
    expect((await promisify(execFile)('sh', ['-c', script])).stdout).toBe(odd)
  })

  it('PowerShell gets quotation marks doubled', () => {
    expect(printVariables([['ODD', odd]], 'powershell')).toBe(`$env:ODD = 'it''s "$HOME" \\n \`x\` ’’'`)
  })

  it('a value with invisible characters is refused, but for JSON', () => {
    expect(() => printVariables([['A', 'x\ny']], 'shell')).toThrow('the value of A has invisible characters')
    expect(JSON.parse(printVariables([['A', 'x\ny']], 'json'))).toEqual({ A: 'x\ny' })
  })
})
