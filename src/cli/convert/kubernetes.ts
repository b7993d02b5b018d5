import {
  ConvertError,
  type Converted,
  type Converter,
  isObject,
  itemsOf,
  type Json,
  requiredText,
  tagsOf,
  textOf,
  timeOf,
} from './converter.ts'

/**
 * Objects of Kubernetes, whose labels become tags. COMPAT: "Kubernetes API Concepts": a list has `kind: List`, or the kind
 * of its items and `List`; `metadata` of an object has `uid`, `name`, `namespace`, `labels` and `creationTimestamp`.
 */
export const kubernetes: Converter = {
  name: 'kubernetes',
  title: 'an object or a list of Kubernetes',
  madeBy: 'kubectl get deployments,services --all-namespaces --output json',

  recognizes: (document) =>
    isObject(document) &&
    typeof document.apiVersion === 'string' &&
    typeof document.kind === 'string' &&
    (Array.isArray(document.items) || isObject(document.metadata)),

  *convert(document) {
    const list = document as Json
    if (!Array.isArray(list.items)) {
      yield toResource(list, 'the object', list)
      return
    }
    // Items of a typed list may lack what the list says.
    const kind = requiredText(list, 'the list', 'kind').replace(/List$/, '')
    for (const [item, place] of itemsOf(list.items, 'items')) {
      yield toResource(item, place, { kind, apiVersion: list.apiVersion })
    }
  },
}

function toResource(item: Json, place: string, ofList: Json): Converted {
  const { metadata } = item
  if (!isObject(metadata)) throw new ConvertError(`${place}: has no object "metadata"`)
  const kind = requiredText({ kind: textOf(item, 'kind') ?? textOf(ofList, 'kind') }, place, 'kind')
  const [group, version] = (textOf(item, 'apiVersion') ?? textOf(ofList, 'apiVersion') ?? '').split('/')
  const name = requiredText(metadata, `${place}.metadata`, 'name')
  const namespace = textOf(metadata, 'namespace')
  return {
    // Kind and group as Kubernetes writes them together. The prefix keeps them apart from types of clouds.
    type: `kubernetes:${version === undefined ? kind : `${kind}.${group}`}`,
    id: textOf(metadata, 'uid') ?? (namespace === undefined ? name : `${namespace}/${name}`),
    name,
    createdAt: timeOf(metadata.creationTimestamp),
    detail: { namespace },
    tags: tagsOf(metadata.labels, `${place}.metadata.labels`),
  }
}
