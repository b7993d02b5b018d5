import { ApiError } from '../api/client.ts'
import { useTexts } from '../text/texts.ts'
import { uiTexts } from './texts.ts'

/**
 * What the service says about each field of a form, such as `name: must have at most 64 characters`. `isPlaced` is true when a
 * field of the form shows the error.
 */
export function useFieldErrors<Name extends string>(
  error: unknown,
  fields: readonly Name[],
): { readonly of: (field: Name) => string | undefined; readonly isPlaced: boolean } {
  const { nameTaken } = useTexts(uiTexts)
  const found = error instanceof ApiError && error.status !== 0 ? placeOf(error.message, fields) : undefined
  const words = error instanceof ApiError && error.code === 'name-taken' ? nameTaken : found?.words
  return {
    of: (field) => (found?.field === field ? words : undefined),
    isPlaced: found !== undefined,
  }
}

/** An error names its field, perhaps with a place in it, then a colon: `The policy is invalid. policy.Version: must be ...`. */
function placeOf<Name extends string>(message: string, fields: readonly Name[]) {
  const [, field = '', words = ''] = /(?:^|\. )([a-z_]+)[\w.[\]]*: (.+)$/s.exec(message) ?? []
  const known = fields.find((each) => each === field)
  return known === undefined ? undefined : { field: known, words: withCapital(words) }
}

function withCapital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
