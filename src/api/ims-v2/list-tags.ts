import { Type } from 'typebox'
import type { Tag } from '../../core/tag.ts'
import { compareCodePoints } from '../../core/text.ts'
import { defineRoute, type Route } from '../route.ts'
import { type ImageFilter, imageFilterMembers, otherAttributes, toImageFilter } from './image-filter.ts'
import { forEachImage } from './image-list.ts'
import type { Images } from './images.ts'
import { tagToText } from './tag-text.ts'

const ALL = { offset: 0, limit: Number.MAX_SAFE_INTEGER }

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
      const from = (page - 1) * limit
      return { status: 200, body: { tags: tags.slice(from, from + limit).map(tagToText) }, revision }
    },
  })
}

/** The distinct tags of the images, by key, then value, by code point. */
async function differentTags(
  images: Images,
  project: string,
  filter: ImageFilter,
): Promise<{ revision: number; tags: readonly Tag[] }> {
  const valuesOfKey = new Map<string, Set<string>>()
  const add = ({ key, value }: Tag) => {
    const values = valuesOfKey.get(key)
    if (values === undefined) valuesOfKey.set(key, new Set([value]))
    else values.add(value)
  }
  const revision = isForAll(filter)
    ? await addAll(images, project, filter, add)
    : await forEachImage(images, project, filter, ({ resource }) => resource.tags.forEach(add))
  const keys = [...valuesOfKey.keys()].sort(compareCodePoints)
  const tags = keys.flatMap((key) =>
    [...(valuesOfKey.get(key) as Set<string>)].sort(compareCodePoints).map((value) => ({ key, value })),
  )
  return { revision, tags }
}

function isForAll({ query, conditions }: ImageFilter): boolean {
  return conditions.length === 0 && Object.keys(query).length === 0
}

/** Adds all tags of all images: the index lists the tags in use of the project's own without reading images. */
async function addAll(images: Images, project: string, filter: ImageFilter, add: (tag: Tag) => void): Promise<number> {
  for (const { resource } of await images.shared.listMatching(project, filter)) resource.tags.forEach(add)
  const { revision, tags } = await images.catalog.projectTags(project, 'images', ALL)
  for (const { key, values } of tags) for (const value of values) add({ key, value })
  return revision
}
