import type { TObject } from 'typebox'
import type { Family, Route } from '../api/route.ts'

/** The route as the framework's OpenAPI plugin and serializer want it. Checking is not left to the framework. */
export function documentation(family: Family, route: Route) {
  const responses: Record<string, unknown> = {}
  for (const [status, schema] of Object.entries(route.responses)) {
    responses[status] =
      schema === null ? { type: 'null', description: 'No body' } : { description: 'Success', ...schema }
  }
  const hasParams = Object.keys(route.params.properties).length > 0
  const hasQuery = Object.keys(route.query.properties).length > 0
  return {
    operationId: route.id,
    summary: route.summary,
    ...otherParametersOf(route),
    tags: [family.name],
    ...(hasParams ? { params: route.params } : {}),
    ...headersOf(family, route),
    ...(hasQuery ? { querystring: withoutDefaults(route.query) } : {}),
    ...bodyOf(route),
    ...(route.produces === 'application/json' ? {} : { produces: [route.produces] }),
    ...(route.access === 'none' ? { security: [] } : {}),
    response: { ...responses, '4XX': errorSchema(family), '5XX': errorSchema(family) },
  }
}

/** What a call takes for a body. A stream is documented only: nobody looks at it before the call does. */
function bodyOf({ bodyKind, body, consumes }: Route): { body?: unknown; consumes?: readonly string[] } {
  if (bodyKind === 'none') return {}
  return { body: bodyKind === 'stream' ? { type: 'string', format: 'binary' } : body, consumes }
}

/** Where a call takes query parameters of any name, what they do: OpenAPI has no other place for that. */
function otherParametersOf({ query }: Route): { description?: string } {
  const { additionalProperties: other } = query as { additionalProperties?: { description?: string } }
  return other?.description === undefined ? {} : { description: other.description }
}

/** The headers that a call reads beside those that all calls do. */
function headersOf(family: Family, { headers }: Route): { headers?: unknown } {
  if (family.languages.length === 0) return headers === undefined ? {} : { headers }
  const language = { type: 'string', enum: ['en-us', ...family.languages], description: 'Language of error messages.' }
  return { headers: { type: 'object', properties: { 'X-Language': language, ...headers?.properties } } }
}

/** The schema for callers: what has a default may be left out. */
function withoutDefaults(schema: TObject): unknown {
  const { properties, required = [] } = schema as unknown as {
    properties: Record<string, { default?: unknown }>
    required?: readonly string[]
  }
  return { ...schema, required: required.filter((name) => properties[name]?.default === undefined) }
}

function errorSchema({ errorSchema: own }: Family) {
  const gateway = {
    type: 'object',
    properties: { error_msg: { type: 'string' }, error_code: { type: 'string' }, request_id: { type: 'string' } },
  }
  return {
    description: "The family's error, or the gateway's for 401, 404 of a path, 413 and 414",
    anyOf: [own, gateway],
  }
}
