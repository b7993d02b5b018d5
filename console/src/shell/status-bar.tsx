import { Database } from 'lucide-react'
import { useLive } from '../session/project.ts'
import type { Project } from '../session/session.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { shellTexts } from './texts.ts'

/** The bar at the foot: whether the service answers, the revision and the size of the project. */
export function StatusBar({ project }: { readonly project: Project }) {
  const texts = useTexts(shellTexts)
  const format = useFormat()
  const { data, isError } = useLive(project)
  const state = isError ? texts.away : data === undefined ? texts.connecting : texts.live
  const look = isError ? 'bg-bad' : data === undefined ? 'bg-control' : 'bg-good'
  return (
    <footer className="flex h-[26px] shrink-0 items-center justify-between border-t border-line bg-surface px-4 text-small text-ink-2">
      <span className="flex items-center gap-3">
        <span className={`flex items-center gap-1.5 ${isError ? 'text-bad' : ''}`}>
          <span className={`size-1.5 rounded-full ${look}`} aria-hidden="true" />
          {state}
        </span>
        {data !== undefined && <span className="tabular-nums">{texts.revision(format.number(data.revision))}</span>}
      </span>
      {data !== undefined && (
        <span className="flex items-center gap-1.5 tabular-nums">
          <Database className="size-3.5 text-ink-3" aria-hidden="true" />
          {texts.resources(format.number(data.resources))}
        </span>
      )}
    </footer>
  )
}
