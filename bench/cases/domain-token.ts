import { ADMIN_PASSWORD, type ServiceProcess } from '../service/service-process.ts'

const DOMAIN = { name: 'default' }

/** Logs the administrator in to the domain. */
export function domainTokenOf(service: ServiceProcess): Promise<string> {
  return tokenFor(service, { domain: DOMAIN })
}

/** Logs the administrator in to a project of the domain. */
export function projectTokenOf(service: ServiceProcess, name: string): Promise<string> {
  return tokenFor(service, { project: { name, domain: DOMAIN } })
}

async function tokenFor(service: ServiceProcess, scope: object): Promise<string> {
  const user = { name: 'admin', password: ADMIN_PASSWORD, domain: DOMAIN }
  const response = await fetch(`${service.url}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
  })
  if (!response.ok) throw new Error(`logging in: ${response.status} ${await response.text()}`)
  return response.headers.get('x-subject-token') as string
}
