import { ADMIN_PASSWORD, type ServiceProcess } from '../service/service-process.ts'

const DOMAIN = { name: 'default' }

/** Logs the administrator in to the domain. */
export function domainTokenOf(service: ServiceProcess): Promise<string> {
  return tokenFor(service, { domain: DOMAIN })
}

/** Makes a user who may read a project of the domain, and logs it in there. */
export async function readerTokenOf(service: ServiceProcess, project: string): Promise<string> {
  const user = { name: `reader-of-${project}`, password: ADMIN_PASSWORD }
  const token = await domainTokenOf(service)
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { 'x-auth-token': token, 'content-type': 'application/json' }
    const response = await fetch(service.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? undefined : response.json()
  }
  const made = (await ask('POST', '/v3/users', { user })) as { user: { id: string } }
  const { roles } = (await ask('GET', '/v3/roles?name=readonly')) as { roles: { id: string }[] }
  const list = (await ask('GET', `/v3/projects?name=${project}`)) as { projects: { id: string }[] }
  await ask('PUT', `/v3/projects/${list.projects[0]?.id}/users/${made.user.id}/roles/${roles[0]?.id}`)
  return tokenFor(service, { project: { name: project, domain: DOMAIN } }, user)
}

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD }

async function tokenFor(service: ServiceProcess, scope: object, { name, password } = ADMIN): Promise<string> {
  const user = { name, password, domain: DOMAIN }
  const response = await fetch(`${service.url}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
  })
  if (!response.ok) throw new Error(`logging in: ${response.status} ${await response.text()}`)
  return response.headers.get('x-subject-token') as string
}
