import type { TObject, TSchema } from 'typebox'
import { AS_OF_HEADER, asOfHeader } from '../api/as-of.ts'
import type { Family, Route } from '../api/route.ts'

const NO_BODY = { type: 'null', description: 'No body' }
/** Schemas of answers by those of the routes, which share them: hundreds of copies would make the start longer. */
const successes = new WeakMap<TSchema, unknown>()
const errors = new WeakMap<TSchema, unknown>()

function madeOnce(known: WeakMap<TSchema, unknown>, schema: TSchema, make: () => unknown): unknown {
  if (!known.has(schema)) known.set(schema, make())
  return known.get(schema)
}

/** The schema of a route for Fastify's OpenAPI plugin and serializer. Fastify does not validate requests with it. */
export function routeSchema(family: Family, route: Route) {
  const responses: Record<string, unknown> = {}
  for (const [status, schema] of Object.entries(route.responses)) {
    responses[status] =
      schema === null ? NO_BODY : madeOnce(successes, schema, () => ({ description: 'Success', ...schema }))
  }
  const error = madeOnce(errors, family.errorSchema, () => errorSchema(family.errorSchema))
  const hasParams = Object.keys(route.params.properties).length > 0
  const hasQuery = Object.keys(route.query.properties).length > 0
  return {
    operationId: route.id,
    summary: route.summary,
    ...descriptionOf(route),
    tags: [family.name],
    ...(hasParams ? { params: route.params } : {}),
    ...headersOf(family, route),
    ...(hasQuery ? { querystring: withOptionalDefaults(route.query) } : {}),
    ...bodyOf(route),
    ...(route.produces === 'application/json' ? {} : { produces: [route.produces] }),
    ...(route.access === 'none' ? { security: [] } : {}),
    response: { ...responses, '4XX': error, '5XX': error },
  }
}

/** The request body. A streamed body is documented as binary; its content is validated by the handler. */
function bodyOf({ bodyKind, body, consumes }: Route): { body?: unknown; consumes?: readonly string[] } {
  if (bodyKind === 'none') return {}
  return { body: bodyKind === 'stream' ? { type: 'string', format: 'binary' } : body, consumes }
}

/** Describes query parameters of arbitrary names. OpenAPI has no field for them, so the operation's description says it. */
function descriptionOf({ query }: Route): { description?: string } {
  const { additionalProperties: other } = query as { additionalProperties?: { description?: string } }
  return other?.description === undefined ? {} : { description: other.description }
}

/** The headers that a call reads, except those that every call reads. */
function headersOf({ languages }: Family, { headers, asOf }: Route): { headers?: unknown } {
  const description = 'Language of error messages.'
  const properties = {
    ...(languages.length > 0 && { 'X-Language': { type: 'string', enum: ['en-us', ...languages], description } }),
    ...(asOf !== undefined && { [AS_OF_HEADER]: asOfHeader }),
    ...headers?.properties,
  }
  const { required } = headers ?? {}
  if (Object.keys(properties).length === 0) return {}
  return { headers: { type: 'object', properties, ...(required && { required }) } }
}

/** The schema as clients see it: properties with a default are optional. */
function withOptionalDefaults(schema: TObject): unknown {
  const { properties, required = [] } = schema as unknown as {
    properties: Record<string, { default?: unknown }>
    required?: readonly string[]
  }
  return { ...schema, required: required.filter((name) => properties[name]?.default === undefined) }
}

function errorSchema(own: TSchema) {
  const gateway = {
    type: 'object',
    properties: { error_msg: { type: 'string' }, error_code: { type: 'string' }, request_id: { type: 'string' } },
  }
  return {
    description: "The family's error, or the gateway's for 401, 404 of a path, 413 and 414",
    anyOf: [own, gateway],
  }
}

/** The head of a family's OpenAPI document. */
export function openapiHead(family: Family, version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: family.title,
      version: `${family.version} (Tagwerk ${version})`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    components: {
      securitySchemes: {
        token: { type: 'apiKey', name: 'X-Auth-Token', in: 'header' },
        signature: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'SDK-HMAC-SHA256 with a permanent access key; also requires the header X-Sdk-Date.',
        },
      },
    },
    security: [{ token: [] }, { signature: [] }],
  }
}

export type OpenapiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { requestBody?: { required?: boolean } }>>>>
}

/** Marks optional bodies as such, in place: the plugin declares every body as required. */
export function withOptionalBodies(family: Family, document: OpenapiDocument): OpenapiDocument {
  for (const { path, method } of family.routes.filter(({ bodyIsOptional }) => bodyIsOptional)) {
    const body = document.paths[path]?.[method.toLowerCase()]?.requestBody
    if (body !== undefined) body.required = false
  }
  return document
}

/** Parts of an operation that can be components of a document, by the name of their section. */
const SECTIONS = { parameters: 'parameters', requestBody: 'requestBodies', responses: 'responses' } as const

type OperationParts = { parameters?: unknown[]; requestBody?: unknown; responses?: Record<string, unknown> }

/**
 * Replaces the parts that several operations of a document have by references to its components, in place. A family with
 * hundreds of equal calls would else have a document of megabytes.
 */
export function withSharedParts(document: OpenapiDocument): OpenapiDocument {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods)) as OperationParts[]
  const counts = new Map<string, number>()
  for (const operation of operations) replaceParts(operation, (_, part) => counted(counts, part))
  const references = new Map<string, unknown>()
  const components: Record<string, Record<string, unknown>> = {}
  for (const section of Object.values(SECTIONS)) components[section] = {}
  const share = (section: string, part: unknown) => {
    const text = JSON.stringify(part)
    if ((counts.get(text) ?? 0) < 2) return part
    const known = references.get(section + text)
    if (known !== undefined) return known
    const shared = components[section] as Record<string, unknown>
    const name = `${section}${Object.keys(shared).length + 1}`
    shared[name] = part
    const reference = { $ref: `#/components/${section}/${name}` }
    references.set(section + text, reference)
    return reference
  }
  for (const operation of operations) replaceParts(operation, share)
  return Object.assign(document, { components: { ...(document as { components?: object }).components, ...components } })
}

function replaceParts(operation: OperationParts, replace: (section: string, part: unknown) => unknown): void {
  const { parameters, requestBody, responses } = operation
  if (parameters !== undefined) operation.parameters = parameters.map((part) => replace(SECTIONS.parameters, part))
  if (requestBody !== undefined) operation.requestBody = replace(SECTIONS.requestBody, requestBody)
  for (const [status, part] of Object.entries(responses ?? {})) {
    Object.assign(responses as object, { [status]: replace(SECTIONS.responses, part) })
  }
}

function counted(counts: Map<string, number>, part: unknown): unknown {
  const text = JSON.stringify(part)
  counts.set(text, (counts.get(text) ?? 0) + 1)
  return part
}
