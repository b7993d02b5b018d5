import { GATEWAY_ERRORS, renderGatewayError } from '../api/gateway-errors.ts'
import type { Family, Route } from '../api/route.ts'
import { DomainError } from '../core/errors.ts'

/** An answer to what is no route: the gateway's 404, or 405 in the words of the family whose path it is. */
export type NotFound =
  | { readonly kind: 'no-path'; readonly status: number; readonly body: string }
  | { readonly kind: 'no-method'; readonly family: Family; readonly error: DomainError }

type KnownPath = { readonly pattern: RegExp; readonly method: Route['method']; readonly family: Family }

/** Prepares the answers: says of a path whether another method would have done. */
export function notFoundAnswers(
  families: readonly Family[],
): (method: string, path: string, requestId: string) => NotFound {
  const known = families.flatMap((family) => family.routes.map((route) => knownPath(family, route)))
  return (method, path, requestId) => {
    const fitting = known.filter(({ pattern }) => pattern.test(path))
    const [first] = fitting
    if (first === undefined || fitting.some((route) => route.method === method)) {
      return { kind: 'no-path', ...routeNotFound(requestId) }
    }
    const allowedMethods = [...new Set(fitting.map((route) => route.method))].sort()
    return { kind: 'no-method', family: first.family, error: new DomainError('method-not-allowed', { allowedMethods }) }
  }
}

/** The gateway's words for a path that is none. */
export function routeNotFound(requestId: string): { readonly status: number; readonly body: string } {
  const entry = GATEWAY_ERRORS['route-not-found']
  return { status: entry.status, body: JSON.stringify(renderGatewayError(entry, entry.message, requestId)) }
}

/** A name in a path, and the expression that its value has to fit if there is one. */
const NAME = /\{\w+\}(?:\(\^(.*?)\$\))?/

function knownPath(family: Family, { method, path }: Route): KnownPath {
  // What stands between names, and in turn the expression of each name.
  const source = path
    .split(NAME)
    .map((part: string | undefined, i) => (i % 2 === 0 ? escaped(part) : (part ?? '[^/]+')))
  return { pattern: new RegExp(`^${source.join('')}$`), method, family }
}

function escaped(text = ''): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
