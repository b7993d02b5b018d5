import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { Project } from '../../iam/accounts.ts'
import { PROJECT_TAG_CHARACTERS_MAX, PROJECT_TAGS_MAX } from './limits.ts'
import { selfLinkSchema } from './links.ts'

/** A tag of a project, under the rules of Keystone (contract D35). */
export const projectTag = Type.String({
  minLength: 1,
  maxLength: PROJECT_TAG_CHARACTERS_MAX,
  pattern: '^[^,/]*$',
  description: `1 to ${PROJECT_TAG_CHARACTERS_MAX} characters without comma and slash.`,
})

export const projectTags = Type.Array(projectTag, { maxItems: PROJECT_TAGS_MAX, uniqueItems: true })

/** The answer about all tags of a project. */
export const projectTagList = Type.Object({ tags: Type.Array(Type.String()), links: selfLinkSchema })

/** Renders all tags of a project. */
export function projectTagsView({ id, tags }: Project, origin: string) {
  return { tags, links: { self: `${origin}/v3/projects/${id}/tags` } }
}

const tagsFilter = (description: string) => Type.Optional(Type.String({ description }))

/** The filters of a list of projects by their tags. */
export const projectTagFilters = Type.Object({
  tags: tagsFilter('Tags separated by commas: projects that have all of them.'),
  'tags-any': tagsFilter('Tags separated by commas: projects that have at least one of them.'),
  'not-tags': tagsFilter('Tags separated by commas: projects that lack at least one of them.'),
  'not-tags-any': tagsFilter('Tags separated by commas: projects that have none of them.'),
})

type FilterName = keyof typeof projectTagFilters.properties

/**
 * Gives the predicate of the filters, which must all be met; the negative ones as in a tag query (contract 4.2, D35). Throws
 * `request-invalid` for an empty tag in a list.
 */
export function projectTagPredicate(query: Static<typeof projectTagFilters>): (project: Project) => boolean {
  const listOf = (name: FilterName) => toTags(name, query[name])
  const [all, any, notAll, notAny] = [listOf('tags'), listOf('tags-any'), listOf('not-tags'), listOf('not-tags-any')]
  return ({ tags }) => {
    const has = (tag: string) => tags.includes(tag)
    return (
      (all === undefined || all.every(has)) &&
      (any === undefined || any.some(has)) &&
      (notAll === undefined || !notAll.every(has)) &&
      (notAny === undefined || !notAny.some(has))
    )
  }
}

function toTags(name: FilterName, value: string | undefined): readonly string[] | undefined {
  const tags = value?.split(',')
  if (tags?.includes('')) throw invalid(name, { name: 'well-formed', what: 'tags separated by commas' }, value)
  return tags
}
