import {
  type ConvertContext,
  type Converted,
  type Converter,
  isObject,
  itemsOf,
  type Json,
  requiredText,
  tagsOf,
  tagValue,
  textOf,
} from './converter.ts'
import { typeOfTerraform } from './terraform-types.ts'

/** The attributes with tags, the first of which counts: `tags_all` has the default tags of the provider too. */
const TAG_ATTRIBUTES = ['tags_all', 'tags', 'effective_labels', 'labels']

/**
 * A state of Terraform or OpenTofu. Only id, name, region and tags are read: other attributes may be secrets. COMPAT:
 * version 4 of the state file (internal/states/statefile/version4.go), and "JSON Output Format" of the documentation for
 * what `terraform show -json` prints.
 */
export const terraformState: Converter = {
  name: 'terraform-state',
  title: 'a Terraform state',
  madeBy: 'terraform state pull',

  recognizes: (document) =>
    isObject(document) &&
    ((typeof document.version === 'number' && Array.isArray(document.resources) && 'terraform_version' in document) ||
      (typeof document.format_version === 'string' &&
        'terraform_version' in document &&
        !('planned_values' in document))),

  *convert(document, context) {
    const state = document as Json
    if (typeof state.format_version === 'string') {
      const root = isObject(state.values) ? state.values.root_module : undefined
      if (isObject(root)) yield* ofModule(root, 'values.root_module', context)
      return
    }
    for (const [resource, place] of itemsOf(state.resources, 'resources')) {
      for (const [instance, instancePlace] of itemsOf(resource.instances, `${place}.instances`)) {
        // An object that is to be destroyed, because another one has taken its place.
        if (instance.deposed !== undefined) context.leaveOut('deposed objects')
        else yield* toResource(resource, instance.attributes, instancePlace, context)
      }
    }
  },
}

function* ofModule(module: Json, place: string, context: ConvertContext): Generator<Converted> {
  for (const [resource, resourcePlace] of itemsOf(module.resources, `${place}.resources`)) {
    yield* toResource(resource, resource.values, resourcePlace, context)
  }
  for (const [child, childPlace] of itemsOf(module.child_modules, `${place}.child_modules`)) {
    yield* ofModule(child, childPlace, context)
  }
}

function* toResource(
  resource: Json,
  attributes: unknown,
  place: string,
  { types, leaveOut }: ConvertContext,
): Generator<Converted> {
  const type = requiredText(resource, place, 'type')
  if (resource.mode === 'data') return leaveOut('data sources')
  if (!isObject(attributes) || !TAG_ATTRIBUTES.some((name) => name in attributes)) {
    return leaveOut('resources of types without tags')
  }
  const source = TAG_ATTRIBUTES.find((name) => attributes[name] !== undefined && attributes[name] !== null)
  const tags = source === undefined ? [] : tagsOf(attributes[source], `${place}.${source}`)
  yield {
    type: types.canonical(typeOfTerraform(type, attributes)),
    id: requiredText(attributes, place, 'id'),
    name:
      textOf(attributes, 'name', 'display_name') ??
      tagValue(tags, 'Name') ??
      textOf(attributes, 'bucket') ??
      textOf(resource, 'name'),
    detail: { region: textOf(attributes, 'region', 'location') },
    tags,
  }
}
