import { ConvertError } from './converter.ts'

/** Services whose ARNs name no type, because they have one alone. */
const TYPES: Readonly<Record<string, string>> = { s3: 'bucket', sns: 'topic', sqs: 'queue' }

/** What an ARN says of a resource. */
export type Arn = {
  /** In the form of the filters of the tagging API, such as `ec2:instance`. */
  readonly type: string
  readonly region: string | undefined
  readonly account: string | undefined
  /** The last part of the resource. */
  readonly shortName: string
}

/** Whether a text has the form of an ARN. */
export function isArn(text: string): boolean {
  return /^arn:[\w-]+:[\w-]+:/.test(text)
}

/**
 * Reads an ARN. COMPAT: "Amazon Resource Names (ARNs)" of the AWS General Reference: `arn:partition:service:region:account:`
 * and then `resource`, `type/resource` or `type:resource`. Throws a ConvertError.
 */
export function parseArn(text: string, place: string): Arn {
  const [, , service = '', region = '', account = '', ...rest] = text.split(':')
  const resource = rest.join(':').replace(/^\//, '')
  if (!isArn(text) || resource === '') throw new ConvertError(`${place}: must be an ARN, not "${text}"`)
  const [first = '', ...more] = resource.split(/[/:]/)
  const type = more.length > 0 && TYPES[service] === undefined ? first : TYPES[service]
  return {
    type: type === undefined ? service : `${service}:${type}`,
    region: region || undefined,
    account: account || undefined,
    shortName: more.at(-1) || first,
  }
}
