import { randomUUID } from 'node:crypto'
import type { Provider } from './provider.ts'
import { type Attributes, type Resource, tagList, tagMap } from './resource.ts'

type Tag = { readonly key: string; readonly value: string }

const textOf = ({ key, value }: Tag) => `${key}=${value}`
const without = (tags: readonly Tag[], others: readonly Tag[]) => {
  const known = new Set(others.map(textOf))
  return tags.filter((tag) => !known.has(textOf(tag)))
}

/** `huaweicloud_tms_tags`: predefined tags. A read asks for pages until the marker is empty. */
export function predefinedTags(provider: Provider, base = '/v1.0'): Resource {
  const change = (action: string, tags: unknown) =>
    provider.call('POST', `${base}/predefine_tags/action`, { body: { action, tags }, ok: [204], scope: 'domain' })
  return {
    defaults: {},
    create: async ({ tags }) => {
      await change('create', tags)
      provider.removeLater('POST', '/v1.0/predefine_tags/action', { action: 'delete', tags })
      return randomUUID()
    },
    read: async (_id, { tags }) => {
      const found: Tag[] = []
      let marker = ''
      do {
        const query = marker === '' ? '' : `&marker=${marker}`
        const page = await provider.call('GET', `${base}/predefine_tags?limit=100${query}`, { scope: 'domain' })
        found.push(...page.tags)
        marker = page.marker ?? ''
      } while (marker !== '')
      const wanted = tags as readonly Tag[]
      const mine = without(wanted, without(wanted, found))
      return mine.length === 0 ? undefined : { tags: mine }
    },
    update: async (_id, before, after) => {
      const [old, fresh] = [before.tags as readonly Tag[], after.tags as readonly Tag[]]
      const [gone, added] = [without(old, fresh), without(fresh, old)]
      if (gone.length > 0) await change('delete', gone)
      if (added.length > 0) await change('create', added)
      provider.removeLater('POST', '/v1.0/predefine_tags/action', { action: 'delete', tags: added })
    },
    destroy: async (_id, { tags }) => {
      await change('delete', tags)
    },
  }
}

/**
 * `opentelekomcloud_tms_tags_v1`, by the address in the catalogue. It reads one page of the default length, and a change
 * replaces the resource.
 */
export function otcPredefinedTags(provider: Provider): Resource {
  const base = provider.pathOf('tms')
  const { create, update, destroy } = predefinedTags(provider, base)
  return {
    defaults: {},
    create,
    read: async (_id, { tags }) => {
      const page = await provider.call('GET', `${base}/predefine_tags`, { scope: 'domain' })
      const wanted = tags as readonly Tag[]
      const mine = without(wanted, without(wanted, page.tags))
      return mine.length === 0 ? undefined : { tags: mine }
    },
    update,
    destroy,
  }
}

/** `huaweicloud_tms_resource_tags`: tags of several resources by the tag service. */
export function resourceTags(provider: Provider): Resource {
  const batch = async (action: string, { resources, tags }: Attributes) => {
    const body = { project_id: provider.projectId, resources, tags: tagList(tags) }
    const answer = await provider.call('POST', `/v1.0/resource-tags/batch-${action}`, { body, scope: 'domain' })
    if (answer.failed_resources.length > 0) throw new Error(JSON.stringify(answer.failed_resources))
  }
  /** The resources that have at least one of the tags; the provider calls the others unfinished. */
  const tagged = async ({ resources, tags }: Attributes) => {
    const found: object[] = []
    for (const resource of resources as readonly { resource_id: string; resource_type: string }[]) {
      const query = `resource_type=${resource.resource_type}&project_id=${provider.projectId}`
      const path = `/v2.0/resources/${resource.resource_id}/tags?${query}`
      const shown = tagMap((await provider.find('GET', path, { scope: 'domain' }))?.tags ?? [])
      if (tagList(tags).some(({ key, value }) => shown[key] === value)) found.push(resource)
    }
    return found
  }
  const waitForTags = (config: Attributes) =>
    provider.waitFor(['PENDING'], 'COMPLETED', async () =>
      (await tagged(config)).length > 0 ? 'COMPLETED' : 'PENDING',
    )
  return {
    defaults: {},
    create: async (config) => {
      await batch('create', config)
      await waitForTags(config)
      return randomUUID()
    },
    read: async (_id, state) => {
      const resources = await tagged(state)
      return resources.length === 0 ? undefined : { resources }
    },
    update: async (_id, before, after) => {
      await batch('delete', before)
      await batch('create', after)
      await waitForTags(after)
    },
    destroy: async (_id, state) => {
      await batch('delete', state)
      const poll = async () => ((await tagged(state)).length === 0 ? 'COMPLETED' : 'PENDING')
      await provider.waitFor(['PENDING'], 'COMPLETED', poll)
    },
  }
}
