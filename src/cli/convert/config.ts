import { type Converter, isObject, itemsOf, requiredText, tagsOf, textOf, timeOf } from './converter.ts'

/**
 * Huawei Cloud Config. COMPAT: ListAllResources and ListResources ("Querying All Resources", rms_04_0104 and rms_04_0101 of
 * the Config API Reference): `resources` with `provider`, `type` and a map of tags, and `page_info`.
 */
export const config: Converter = {
  name: 'config',
  title: 'an answer of Huawei Cloud Config',
  madeBy: 'hcloud Config ListAllResources --cli-output=json',

  recognizes: (document) => {
    if (!isObject(document) || !Array.isArray(document.resources)) return false
    // Resources of a Terraform state have the same two members.
    if ('terraform_version' in document) return false
    const [first] = document.resources
    return first === undefined
      ? isObject(document.page_info)
      : isObject(first) && 'provider' in first && 'type' in first
  },

  *convert(document, { types, warn }) {
    const { resources, page_info: page } = document as { resources: unknown; page_info?: unknown }
    for (const [item, place] of itemsOf(resources, 'resources')) {
      yield {
        type: types.canonical(`${requiredText(item, place, 'provider')}.${requiredText(item, place, 'type')}`),
        id: requiredText(item, place, 'id'),
        name: textOf(item, 'name'),
        project: textOf(item, 'project_name'),
        createdAt: timeOf(item.created),
        detail: { region: textOf(item, 'region_id'), enterprise_project: textOf(item, 'ep_name', 'ep_id') },
        tags: tagsOf(item.tags, `${place}.tags`),
      }
    }
    if (isObject(page) && textOf(page, 'next_marker') !== undefined) {
      warn('there are further pages: repeat the call with the marker of page_info.next_marker')
    }
  },
}
