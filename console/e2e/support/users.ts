import type { TestService } from '../../../test/support/service.ts'
import type { User } from './browser.ts'

const PASSWORD = 'Staple-battery-7391'

/** Makes a user with a role in the project of a service, such as `readonly`. */
export async function userWithRole(service: TestService, name: string, role: string): Promise<User> {
  const token = await service.tokenFor(undefined)
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await service.call(method, path, { token, body })
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  const { user } = await ask('POST', '/v3/users', { user: { name, password: PASSWORD } })
  const { roles } = await ask('GET', `/v3/roles?name=${role}`)
  await ask('PUT', `/v3/projects/${service.project}/users/${user.id}/roles/${roles[0].id}`)
  return { user: name, password: PASSWORD }
}
