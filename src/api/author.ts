import type { Author } from '../catalog/catalog.ts'
import type { Caller } from './route.ts'

/** Who changes something by a call, for the change log. */
export function authorOf({ caller, requestId }: { readonly caller: Caller; readonly requestId: string }): Author {
  return { userId: caller.principal.user.id, requestId }
}
