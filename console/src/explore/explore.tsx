import { shellTexts } from '../shell/texts.ts'
import { useTitle } from '../shell/title.ts'
import { useTexts } from '../text/texts.ts'

/** Explore. */
export function Explore() {
  const texts = useTexts(shellTexts)
  useTitle(texts.explore)
  return <h1 className="px-4 py-2 text-title font-semibold">{texts.explore}</h1>
}
