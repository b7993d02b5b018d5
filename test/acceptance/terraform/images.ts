import type { Provider } from './provider.ts'
import { type Attributes, type Resource, tagList, tagMap } from './resource.ts'

/** Reads an image by the list, as every image resource does; undefined if there is none. */
// biome-ignore lint/suspicious/noExplicitAny: an image of the answer
async function imageById(provider: Provider, id: string): Promise<any> {
  return (await provider.call('GET', `/v2/cloudimages?id=${id}`)).images[0]
}

/** Deletes an image and waits until the list has it no more. */
async function deleteImage(provider: Provider, id: string): Promise<void> {
  await provider.call('DELETE', `/v2/images/${id}`)
  const poll = async () => ((await imageById(provider, id)) === undefined ? 'COMPLETED' : 'PENDING')
  await provider.waitFor(['PENDING'], 'COMPLETED', poll)
}

/** Waits for a job and gives the id of its image. */
async function imageOfJob(provider: Provider, jobId: string): Promise<string> {
  const path = `/v1/${provider.projectId}/jobs/${jobId}`
  const statusOf = async () => (await provider.call('GET', path)).status
  await provider.waitFor(['INIT', 'RUNNING'], 'SUCCESS', statusOf)
  return (await provider.call('GET', path)).entities.image_id
}

async function changeTags(provider: Provider, id: string, action: string, tags: unknown): Promise<void> {
  await provider.call('POST', `/v2/${provider.projectId}/images/${id}/tags/action`, {
    body: { action, tags: tagList(tags) },
    ok: [204],
  })
}

async function tagsOf(provider: Provider, id: string): Promise<Attributes> {
  return tagMap((await provider.call('GET', `/v2/${provider.projectId}/images/${id}/tags`)).tags)
}

async function patchImage(provider: Provider, id: string, path: string, value: unknown): Promise<void> {
  await provider.call('PATCH', `/v2/cloudimages/${id}`, { body: [{ op: 'replace', path, value }], ok: [200] })
}

/** `huaweicloud_ims_ecs_system_image`. */
export function ecsSystemImage(provider: Provider): Resource {
  return {
    defaults: { description: '', tags: {} },
    create: async ({ name, instance_id, description, tags }) => {
      const body = { name, instance_id, description, image_tags: tagList(tags) }
      const { job_id } = await provider.call('POST', '/v2/cloudimages/action', { body })
      return imageOfJob(provider, job_id)
    },
    read: async (id) => {
      const image = await imageById(provider, id)
      if (image === undefined) return undefined
      const [source, instance] = image.__data_origin.split(',')
      return {
        name: image.name,
        instance_id: source === 'instance' ? instance : '',
        description: image.__description,
        status: image.status,
        min_ram: image.min_ram,
        tags: await tagsOf(provider, id),
      }
    },
    update: async (id, before, after) => {
      if (before.name !== after.name) await patchImage(provider, id, '/name', after.name)
      if (before.description !== after.description) await patchImage(provider, id, '/__description', after.description)
      await changeTags(provider, id, 'delete', before.tags)
      await changeTags(provider, id, 'create', after.tags)
    },
    destroy: async (id) => {
      // The provider reads the image before it deletes it.
      await imageById(provider, id)
      await deleteImage(provider, id)
    },
  }
}

/** `huaweicloud_ims_image_metadata`. It changes nothing in place: a change of an attribute is an error of the plan. */
export function imageMetadata(provider: Provider): Resource {
  return {
    defaults: {},
    create: async ({ name, tags, min_disk }) => {
      const body = { name, protected: false, tags, min_disk }
      return (await provider.call('POST', '/v2/images', { body })).id
    },
    read: async (id) => {
      const image = await imageById(provider, id)
      if (image === undefined) return undefined
      const { name, visibility, protected: isProtected, min_ram, min_disk, tags } = image
      return { name, visibility, protected: isProtected, min_ram, min_disk, tags: [...tags].sort() }
    },
    update: async () => undefined,
    destroy: (id) => deleteImage(provider, id),
  }
}

/** `opentelekomcloud_ims_image_v2`. */
export function otcImage(provider: Provider): Resource {
  return {
    defaults: { tags: {} },
    create: async ({ name, instance_id, description, tags }) => {
      const body = { name, description, instance_id, image_tags: tagList(tags) }
      const { job_id } = await provider.call('POST', '/v2/cloudimages/action', { body, ok: [200] })
      return imageOfJob(provider, job_id)
    },
    read: async (id) => {
      const image = await imageById(provider, id)
      if (image === undefined) return undefined
      const { name, visibility, file, disk_format, __data_origin: data_origin } = image
      return { name, visibility, file, disk_format, data_origin, tags: await tagsOf(provider, id) }
    },
    update: async (id, before, after) => {
      if (before.name !== after.name) await patchImage(provider, id, '/name', after.name)
      // The provider deletes what the service has, not what its state has.
      const present = await tagsOf(provider, id)
      if (Object.keys(present).length > 0) await changeTags(provider, id, 'delete', present)
      await changeTags(provider, id, 'create', after.tags)
    },
    destroy: (id) => deleteImage(provider, id),
  }
}

/** `opentelekomcloud_images_image_v2`: metadata, upload of the data, changes by the native interface. */
export function otcNativeImage(provider: Provider): Resource {
  return {
    defaults: { visibility: 'private', protected: false, min_disk_gb: 0, min_ram_mb: 0 },
    create: async ({ name, tags }) => {
      const formats = { container_format: 'bare', disk_format: 'raw' }
      const body = { name, ...formats, protected: false, visibility: 'private', tags }
      const { id } = await provider.call('POST', '/v2/images', { body, ok: [201] })
      const data = { body: 'data of an image', contentType: 'application/octet-stream', ok: [204] }
      await provider.call('PUT', `/v2/images/${id}/file`, data)
      await provider.waitFor(['queued', 'saving'], 'active', async () => (await imageById(provider, id)).status)
      return id
    },
    read: async (id) => {
      const image = await imageById(provider, id)
      if (image === undefined) return undefined
      const { name, visibility, protected: isProtected, container_format, disk_format, min_disk, min_ram } = image
      const formats = { container_format, disk_format, min_disk_gb: min_disk, min_ram_mb: min_ram }
      return { name, visibility, protected: isProtected, ...formats, tags: [...image.tags].sort() }
    },
    update: async (id, before, after) => {
      const changed = ['visibility', 'name', 'tags'].filter(
        (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
      )
      const body = changed.map((name) => ({ op: 'replace', path: `/${name}`, value: after[name] }))
      const contentType = 'application/openstack-images-v2.1-json-patch'
      await provider.call('PATCH', `/v2/images/${id}`, { body, contentType, ok: [200] })
    },
    destroy: async (id) => {
      await provider.call('DELETE', `/v2/images/${id}`, { body: { delete_backup: true } })
    },
  }
}
