import { ADMIN_PASSWORD, type ServiceProcess } from '../service/service-process.ts'

/** Logs the administrator in to the domain. */
export async function domainTokenOf(service: ServiceProcess): Promise<string> {
  const domain = { name: 'default' }
  const identity = { methods: ['password'], password: { user: { name: 'admin', password: ADMIN_PASSWORD, domain } } }
  const response = await fetch(`${service.url}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { domain } } }),
  })
  if (!response.ok) throw new Error(`logging in to the domain: ${response.status} ${await response.text()}`)
  return response.headers.get('x-subject-token') as string
}
