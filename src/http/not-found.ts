import { GATEWAY_ERRORS, type RequestIdentity, renderGatewayError } from '../api/gateway-errors.ts'
import type { Family, Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'

/**
 * The answer to a request without a route: 405 for the method and 404 for the path in the format of the family that the
 * path belongs to, the gateway's 404 for a path of no family.
 */
export type NotFound =
  | { readonly family: undefined; readonly status: number; readonly body: string }
  | { readonly family: Family; readonly error: DomainError }

type KnownPath = { readonly pattern: RegExp; readonly method: Route['method']; readonly family: Family }

/** Compiles the paths of all routes and gives the function that answers a request without a route. */
export function notFoundAnswers(
  families: readonly Family[],
): (method: string, path: string, request: RequestIdentity) => NotFound {
  const known = families.flatMap((family) =>
    family.routes.filter(({ hosts }) => hosts === undefined).map((route) => knownPath(family, route)),
  )
  return (method, path, request) => {
    const matching = known.filter(({ pattern }) => pattern.test(path))
    const [first] = matching
    if (first === undefined || matching.some((route) => route.method === method)) {
      const family = families.find(({ paths }) => paths.test(path))
      if (family === undefined) return { family, ...routeNotFound(request) }
      return { family, error: new DomainError('route-not-found') }
    }
    const allowedMethods = [...new Set(matching.map((route) => route.method))].sort()
    return { family: first.family, error: new DomainError('method-not-allowed', { allowedMethods }) }
  }
}

/** The gateway's 404 for an unknown path. */
export function routeNotFound(request: RequestIdentity): { readonly status: number; readonly body: string } {
  const entry = GATEWAY_ERRORS['route-not-found']
  return { status: entry.status, body: JSON.stringify(renderGatewayError(entry, entry.message, request)) }
}

/** A `{name}` in a path, with an optional regular expression for its value in parentheses. */
const NAME = /\{\w+\}(?:\(\^(.*?)\$\))?/

function knownPath(family: Family, { method, path }: Route): KnownPath {
  // `split` alternates between literal text and the expression captured for each name.
  const source = path
    .split(NAME)
    .map((part: string | undefined, i) => (i % 2 === 0 ? escapeForRegExp(part) : (part ?? '[^/]+')))
  return { pattern: new RegExp(`^${source.join('')}$`), method, family }
}

function escapeForRegExp(text = ''): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
