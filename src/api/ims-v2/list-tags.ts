import { Type } from 'typebox'
import { DistinctTags, mergeTags } from '../../core/distinct-tags.ts'
import { IMAGES } from '../../core/resource-types.ts'
import type { Tag } from '../../core/tag.ts'
import { joinInSlices, jsonArray } from '../long-json.ts'
import { defineRoute, type Route } from '../route.ts'
import { type ImageFilter, imageFilterMembers, otherAttributes, toImageFilter } from './image-filter.ts'
import { forEachImage } from './image-list.ts'
import type { Images } from './images.ts'
import { tagToText } from './tag-text.ts'

/** Lists the distinct tags of the images that match the filters of `ListImages` (contract 2.1 I8, 2.5, D13). */
export function listTags(images: Images): Route {
  return defineRoute({
    id: 'ListTags',
    method: 'GET',
    path: '/v1/cloudimages/tags',
    summary: 'List the distinct tags of images',
    access: 'scoped',
    action: 'ims:images:list',
    query: Type.Object(
      {
        ...imageFilterMembers,
        limit: Type.Optional(
          Type.Integer({ minimum: 1, description: 'Tags per page; all tags by default.', 'x-error': 'limit-invalid' }),
        ),
        page: Type.Integer({ minimum: 1, default: 1, 'x-error': 'offset-invalid' }),
      },
      otherAttributes,
    ),
    responses: { 200: Type.Object({ tags: Type.Array(Type.String()) }) },
    handle: async ({ projectId, query }) => {
      const { limit = Number.MAX_SAFE_INTEGER, page } = query
      const { revision, tags } = await differentTags(images, projectId, toImageFilter(query))
      const shown = pageOf(tags, (page - 1) * limit, limit)
      const json = jsonArray('{"tags":', shown, (tag) => JSON.stringify(tagToText(tag)), '}')
      return { status: 200, ...(await joinInSlices(json, projectId)), revision }
    },
  })
}

function* pageOf(tags: Iterable<Tag>, offset: number, limit: number): Generator<Tag> {
  let position = 0
  for (const tag of tags) {
    if (position >= offset + limit) return
    if (position++ >= offset) yield tag
  }
}

/** The distinct tags of the images, by key, then value, by code point. */
async function differentTags(
  images: Images,
  project: string,
  filter: ImageFilter,
): Promise<{ revision: number; tags: Iterable<Tag> }> {
  const found = new DistinctTags()
  if (isForAll(filter)) {
    // The index lists the tags in use of the project's own images without reading them.
    for (const { resource } of await images.shared.listMatching(project, filter)) resource.tags.forEach(found.add)
    const { revision, tags } = await images.catalog.tagsInUse(project, IMAGES)
    return { revision, tags: mergeTags(tags.pairs(), found.sorted()) }
  }
  const revision = await forEachImage(images, project, filter, ({ resource }) => {
    resource.tags.forEach(found.add)
    return true
  })
  return { revision, tags: found.sorted() }
}

function isForAll({ query, conditions }: ImageFilter): boolean {
  return conditions.length === 0 && Object.keys(query).length === 0
}
