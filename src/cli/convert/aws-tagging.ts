import { parseArn } from './aws-arn.ts'
import { type Converter, isObject, itemsOf, requiredText, tagsOf, tagValue, textOf } from './converter.ts'

/**
 * The tagging API of AWS. COMPAT: GetResources of the Resource Groups Tagging API Reference: `ResourceTagMappingList` with
 * `ResourceARN` and `Tags`, and `PaginationToken`, which the AWS CLI prints as `NextToken` with --max-items.
 */
export const awsTagging: Converter = {
  name: 'aws-tagging',
  title: 'an answer of the tagging API of AWS',
  madeBy: 'aws resourcegroupstaggingapi get-resources --output json',

  recognizes: (document) => isObject(document) && Array.isArray(document.ResourceTagMappingList),

  *convert(document, { types, warn }) {
    const answer = document as { ResourceTagMappingList: unknown }
    for (const [item, place] of itemsOf(answer.ResourceTagMappingList, 'ResourceTagMappingList')) {
      const id = requiredText(item, place, 'ResourceARN')
      const { type, region, account, shortName } = parseArn(id, `${place}.ResourceARN`)
      const tags = tagsOf(item.Tags, `${place}.Tags`)
      yield {
        type: types.canonical(type),
        id,
        name: tagValue(tags, 'Name') ?? shortName,
        detail: { region, account },
        tags,
      }
    }
    if (textOf(answer, 'PaginationToken', 'NextToken') !== undefined) {
      warn('there are further pages: repeat the call with the token, or without --max-items and --no-paginate')
    }
  },
}
