import type { Provider } from './provider.ts'
import { decoded, type Resource } from './resource.ts'

const IAM = { scope: 'domain' } as const

/** `huaweicloud_identity_role` and `opentelekomcloud_identity_role_v3`: a custom policy. */
export function identityRole(provider: Provider): Resource {
  return {
    defaults: {},
    create: async ({ name, description, type, policy }) => {
      const body = { role: { display_name: name, description, type, policy } }
      const { role } = await provider.call('POST', '/v3.0/OS-ROLE/roles', { body, ok: [201], ...IAM })
      provider.removeLater('DELETE', `/v3.0/OS-ROLE/roles/${role.id}`)
      return role.id
    },
    read: async (id) => {
      const body = await provider.find('GET', `/v3.0/OS-ROLE/roles/${id}`, { ok: [200], ...IAM })
      if (body === undefined) return undefined
      const { display_name, description, type, policy } = body.role
      return { name: display_name, description, type, policy }
    },
    update: async (id, _before, { name, description, type, policy }) => {
      const body = { role: { display_name: name, description, type, policy } }
      await provider.call('PATCH', `/v3.0/OS-ROLE/roles/${id}`, { body, ok: [200], ...IAM })
    },
    destroy: async (id) => {
      await provider.call('DELETE', `/v3.0/OS-ROLE/roles/${id}`, { ok: [200], ...IAM })
    },
  }
}

/** `huaweicloud_identity_project`. It reads the project by the path `/v3-ext`. */
export function identityProject(provider: Provider): Resource {
  return {
    defaults: { description: '' },
    create: async ({ name, description }) => {
      const body = { project: { name, description } }
      const { project } = await provider.call('POST', '/v3/projects', { body, ...IAM })
      provider.removeLater('DELETE', `/v3/projects/${project.id}`)
      return project.id
    },
    read: async (id) => {
      const body = await provider.find('GET', `/v3-ext/projects/${id}`, IAM)
      if (body === undefined) return undefined
      return decoded(body.project, {
        name: 'string',
        description: 'string',
        parent_id: 'string',
        enabled: 'boolean',
        status: 'string',
      })
    },
    update: async (id, before, after) => {
      if (before.description !== after.description) {
        const body = { project: { description: after.description } }
        await provider.call('PATCH', `/v3/projects/${id}`, { body, ok: [200], ...IAM })
      }
      if (before.status !== after.status) {
        const body = { project: { status: after.status } }
        await provider.call('PUT', `/v3-ext/projects/${id}`, { body, ok: [204], ...IAM })
      }
    },
    destroy: async (id) => {
      await provider.call('DELETE', `/v3/projects/${id}`, IAM)
    },
  }
}

const USER = {
  id: 'string',
  domain_id: 'string',
  name: 'string',
  email: 'string',
  areacode: 'string',
  phone: 'string',
  description: 'string',
  access_mode: 'string',
  enabled: 'boolean',
  pwd_status: 'boolean',
  pwd_strength: 'string',
  create_time: 'string',
  last_login_time: 'string',
  xuser_id: 'string',
  xuser_type: 'string',
} as const

/** `huaweicloud_identity_user`. */
export function identityUser(provider: Provider): Resource {
  const path = (id: string) => `/v3.0/OS-USER/users/${id}`
  return {
    defaults: { description: '', email: '', enabled: true, pwd_reset: true },
    create: async ({ name, description, email, password }) => {
      const user = { name, domain_id: provider.domainId, password, email, description, enabled: true, pwd_status: true }
      const made = await provider.call('POST', '/v3.0/OS-USER/users', { body: { user }, ...IAM })
      provider.removeLater('DELETE', `/v3/users/${made.user.id}`)
      return made.user.id
    },
    read: async (id) => {
      const body = await provider.find('GET', path(id), IAM)
      if (body === undefined) return undefined
      const user = decoded(body.user, USER)
      // The provider goes on without an answer to this call.
      await provider.call('GET', `${path(id)}/login-protect`, { ok: [200, 404], ...IAM })
      const { name, description, email, enabled, pwd_status, access_mode } = user
      return { name, description, email, enabled, pwd_reset: pwd_status, access_type: access_mode }
    },
    update: async (id, before, after) => {
      const user = {
        ...(before.description !== after.description && { description: after.description }),
        ...(before.enabled !== after.enabled && { enabled: after.enabled }),
      }
      await provider.call('PUT', path(id), { body: { user }, ok: [200], ...IAM })
    },
    destroy: async (id) => {
      await provider.call('DELETE', `/v3/users/${id}`, { ok: [204], ...IAM })
    },
  }
}

/** `huaweicloud_identity_access_key`. Only the answer to its creation has the secret. */
export function identityAccessKey(provider: Provider): Resource {
  const path = (id: string) => `/v3.0/OS-CREDENTIAL/credentials/${id}`
  return {
    defaults: { description: '' },
    create: async ({ user_id, description }) => {
      await provider.call('GET', `/v3.0/OS-USER/users/${user_id}`, IAM)
      const body = { credential: { user_id, description } }
      const { credential } = await provider.call('POST', '/v3.0/OS-CREDENTIAL/credentials', { body, ...IAM })
      decoded(credential, { access: 'string', secret: 'string', user_id: 'string' })
      return credential.access
    },
    read: async (id) => {
      const body = await provider.find('GET', path(id), IAM)
      return body === undefined ? undefined : decoded(body.credential, { status: 'string', create_time: 'string' })
    },
    update: async (id, _before, { description, status }) => {
      await provider.call('PUT', path(id), { body: { credential: { description, status } }, ok: [200], ...IAM })
    },
    destroy: async (id) => {
      await provider.call('DELETE', path(id), IAM)
    },
  }
}
