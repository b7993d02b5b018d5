import { useParams, useSearch } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { pathOf, useHref } from '../hrefs.ts'
import { useWhyNot, useWhyNotInDomain } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useSession } from '../session/session.ts'
import { useTitle } from '../shell/title.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import { Badge } from '../ui/marks.tsx'
import { EmptyState, ErrorNotice, Loading } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { whereOf } from './commands.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { type PolicyDocument, printDocument } from './document.ts'
import { Editor } from './editor.tsx'
import { editorTexts } from './editor-texts.ts'
import { levelName } from './policies-of-key.tsx'
import { AuthorName } from './policy-list.tsx'
import { BackLink } from './problems.tsx'
import { type StoredPolicy, usePolicy, usePutOutcome, usePutPolicy } from './queries.ts'
import { LEVELS, type Level, readSearch } from './search.ts'
import { policiesTexts } from './texts.ts'
import { useDraft } from './use-draft.ts'

/** One policy of the project or of the domain. */
export function Policy() {
  const { level = '', name = '' } = useParams({ strict: false }) as { readonly level?: string; readonly name?: string }
  const known = LEVELS.find((each) => each === level)
  const texts = useTexts(policiesTexts)
  const policy = usePolicy(known ?? 'project', name, known !== undefined)
  useTitle(name)
  if (known === undefined) return <EmptyState title={texts.noPolicies} />
  if (policy.isPending) return <Loading />
  if (policy.isError) return <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />
  return <Stored key={`${level}/${name}`} level={known} stored={policy.data} />
}

/** Why the policies of a level may not be changed in some way. */
export function useWhyNotAt(level: Level) {
  const [ofProject, ofDomain] = [useWhyNot(), useWhyNotInDomain()]
  return level === 'domain' ? ofDomain : ofProject
}

function Stored({ level, stored }: { readonly level: Level; readonly stored: StoredPolicy }) {
  const texts = useTexts(editorTexts)
  const words = useTexts(policiesTexts)
  const href = useHref()
  const { user } = useSession()
  const { name } = stored
  const { rehearse } = readSearch(useSearch({ strict: false }))
  const whyNot = useWhyNotAt(level)
  const [isDeleting, setDeleting] = useState(false)
  const put = usePutPolicy()
  const outcome = usePutOutcome(level, name)
  const draft = useDraft(printDocument(stored.policy as PolicyDocument))
  const { document } = draft
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2">
        <div className="min-w-0">
          <BackLink href={href('policies', { tab: 'policies' })}>{words.back}</BackLink>
          <h1 className="flex items-center gap-2 text-title font-semibold">
            <span className="truncate">{name}</span>
            <Badge tone={level === 'domain' ? 'accent' : 'neutral'}>{levelName(level, words)}</Badge>
          </h1>
          <p className="text-small text-ink-2">
            {words.updatedAt} <Time at={stored.updated_at} /> · <AuthorName id={stored.updated_by} own={user} />
          </p>
        </div>
        <div className="ml-auto flex items-center gap-2">
          <CopyPolicy level={level} name={name} />
          <Button variant="bad" why={whyNot('tagwerk:policies:delete')} onPress={() => setDeleting(true)}>
            <Trash2 className="size-4" aria-hidden="true" />
            {texts.delete}
          </Button>
          <Button
            variant="solid"
            isPending={put.isPending}
            why={
              whyNot('tagwerk:policies:update') ??
              (document === undefined ? texts.invalidJson : draft.isChanged ? undefined : texts.unchanged)
            }
            onPress={() => document && put.mutate({ level, name, policy: document }, { onSuccess: draft.keep })}
          >
            {texts.putAgain}
          </Button>
        </div>
      </header>
      <Editor
        draft={draft}
        failure={put.error}
        outcome={outcome !== undefined && outcome.updated_at >= stored.updated_at ? outcome : undefined}
        age={rehearse}
        onAge={(age) => href.open(pathOf('policies', level, name), { rehearse: age })}
      />
      {isDeleting && (
        <DeleteDialog level={level} name={name} onClose={() => setDeleting(false)} onDeleted={draft.keep} />
      )}
    </>
  )
}

function CopyPolicy({ level, name }: { readonly level: Level; readonly name: string }) {
  const { id, name: project } = useProject()
  const path = level === 'domain' ? '/tagwerk/v1/domain/policies' : `/tagwerk/v1/${id}/policies`
  return (
    <CopyAs
      call={{ method: 'GET', path: `${path}/${name}` }}
      command={`tagwerk policy show ${shellQuoted(name)} ${whereOf(level, project)}`}
    />
  )
}
