import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { queryTexts } from './texts.ts'
import type { Wording } from './words.ts'

/** What says conditions in the reader's language. */
export function useWording(): Wording {
  const texts = useTexts(queryTexts)
  const format = useFormat()
  return { texts, typeName: useTypeName(), time: format.dateTime }
}
