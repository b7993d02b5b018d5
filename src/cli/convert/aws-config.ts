import {
  type ConvertContext,
  ConvertError,
  type Converted,
  type Converter,
  isObject,
  itemsOf,
  type Json,
  requiredText,
  tagsOf,
  tagValue,
  textOf,
  timeOf,
} from './converter.ts'

/** The members with resources: of a snapshot and a history, of a batch, and of a list. */
const LISTS = ['configurationItems', 'baseConfigurationItems', 'resourceIdentifiers'] as const

/** States of a resource that is gone. */
const GONE = ['ResourceDeleted', 'ResourceDeletedNotRecorded']

/**
 * AWS Config. COMPAT: "Example Configuration Snapshot" of the AWS Config Developer Guide (`configurationItems`, tags as a
 * map), and BatchGetResourceConfig, ListDiscoveredResources and SelectResourceConfig of its API Reference; the latter has
 * each result as JSON in a text, with tags as a list.
 */
export const awsConfig: Converter = {
  name: 'aws-config',
  title: 'an answer or a snapshot of AWS Config',
  madeBy:
    'aws configservice select-resource-config --expression "SELECT resourceType, resourceId, arn, resourceName, tags"',

  recognizes: (document) =>
    isObject(document) &&
    (LISTS.some((name) => Array.isArray(document[name])) ||
      (Array.isArray(document.Results) && (isObject(document.QueryInfo) || typeof document.Results[0] === 'string'))),

  *convert(document, context) {
    const answer = document as Json
    for (const name of LISTS) {
      for (const [item, place] of itemsOf(answer[name], name)) yield* resource(item, place, context)
    }
    for (const [item, place] of itemsOf(results(answer.Results), 'Results')) yield* resource(item, place, context)
    if (textOf(answer, 'nextToken', 'NextToken') !== undefined) {
      context.warn('there are further pages: repeat the call with the token, or without --max-items and --no-paginate')
    }
  },
}

function results(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.map((item: unknown, i) => {
    if (typeof item !== 'string') return item
    try {
      return JSON.parse(item) as unknown
    } catch {
      throw new ConvertError(`Results[${i}]: must be JSON in a text`)
    }
  })
}

function* resource(item: Json, place: string, { types, leaveOut }: ConvertContext): Generator<Converted> {
  if (GONE.includes(textOf(item, 'configurationItemStatus') ?? '')) {
    leaveOut('deleted resources')
    return
  }
  const tags = tagsOf(item.tags, `${place}.tags`)
  yield {
    type: types.canonical(requiredText(item, place, 'resourceType')),
    id: requiredText(item, place, 'arn', 'ARN', 'resourceId'),
    name: textOf(item, 'resourceName') ?? tagValue(tags, 'Name') ?? textOf(item, 'resourceId'),
    createdAt: timeOf(item.resourceCreationTime),
    detail: { region: textOf(item, 'awsRegion'), account: textOf(item, 'accountId', 'awsAccountId') },
    tags,
  }
}
