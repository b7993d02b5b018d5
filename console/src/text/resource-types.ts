import { RESOURCE_TYPE_ROWS } from '../../../src/core/resource-type-rows.ts'
import { useLanguage } from './language.ts'

const ROWS = new Map(RESOURCE_TYPE_ROWS.map((row) => [row.name, row]))

/** Gives the function that names a type in the reader's language. A type that is not registered has its own name only. */
export function useTypeName(): (type: string) => string {
  const language = useLanguage()
  return (type) => ROWS.get(type)?.[language === 'en' ? 'en' : 'zh'] ?? type
}
