import type { ReactNode } from 'react'
import { ApiError } from '../api/client.ts'
import { useTexts } from '../text/texts.ts'
import { ServiceWords, useErrorText } from './error-text.tsx'
import { uiTexts } from './texts.ts'

/**
 * What the service says about each field of a form, such as `name: must have at most 64 characters`. `isPlaced` is true when a
 * field of the form shows the error.
 */
export function useFieldErrors<Name extends string>(
  error: unknown,
  fields: readonly Name[],
): { readonly of: (field: Name) => ReactNode; readonly isPlaced: boolean } {
  const { nameTaken } = useTexts(uiTexts)
  const textOf = useErrorText()
  const found = error instanceof ApiError && error.status !== 0 ? placeOf(error.message, fields) : undefined
  const isTaken = error instanceof ApiError && error.code === 'name-taken'
  return {
    of: (field) => {
      if (found?.field !== field) return undefined
      if (isTaken) return nameTaken
      const { message, detail } = textOf(error)
      if (detail === undefined) return found.words
      return (
        <>
          {message}
          <ServiceWords words={found.words} />
        </>
      )
    },
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
