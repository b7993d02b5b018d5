import type { ResourceTypes } from '../../core/resource-types.ts'
import { ConvertError, type Converted, type Converter } from './converter.ts'
import { CONVERTERS } from './converters.ts'

/** The lines of one document, and what is to be said about it. */
export type ConvertedDocument = {
  readonly lines: readonly string[]
  /** How much of each kind was left out. */
  readonly leftOut: ReadonlyMap<string, number>
  /** Sentences without a full stop. */
  readonly warnings: readonly string[]
}

/** Converts a document to lines of an import. Throws a ConvertError, also for a document of another kind. */
export function toLines(
  document: unknown,
  converter: Converter,
  types: ResourceTypes,
  type?: string,
): ConvertedDocument {
  if (!converter.recognizes(document)) throw wrongKind(document, converter)
  const leftOut = new Map<string, number>()
  const warnings: string[] = []
  const context = {
    types,
    type,
    leaveOut: (what: string) => leftOut.set(what, (leftOut.get(what) ?? 0) + 1),
    warn: (sentence: string) => warnings.push(sentence),
  }
  const lines: string[] = []
  for (const resource of converter.convert(document, context)) lines.push(toLine(resource, types))
  return { lines, leftOut, warnings }
}

function wrongKind(document: unknown, chosen: Converter): ConvertError {
  const { title, madeBy, name } = chosen
  const found = CONVERTERS.find((other) => other !== chosen && other.recognizes(document))
  return found === undefined
    ? new ConvertError(`this is not ${title}. This command prints one for --from ${name}: ${madeBy}`)
    : new ConvertError(`this looks like ${found.title}: use --from ${found.name}`)
}

function toLine(resource: Converted, types: ResourceTypes): string {
  const { type, id, name, project, createdAt, detail = {}, tags } = resource
  const known = types.registered(type)
  // The details of these types have attributes of their own API only.
  const hasOwnApi = known !== undefined && types.row(known)?.hasOwnApi === true
  const hasDetail = !hasOwnApi && Object.values(detail).some((value) => value !== undefined)
  return JSON.stringify({
    resource_type: type,
    project,
    resource_id: id,
    resource_name: name,
    created_at: createdAt,
    ...(hasDetail && { resource_detail: detail }),
    tags,
  })
}
