import { useState } from 'react'
import { foldKeyCase } from '../../../src/core/policy/tag-policy.ts'
import { pathOf, useHref } from '../hrefs.ts'
import { useTexts } from '../text/texts.ts'
import { ButtonLink } from '../ui/button.tsx'
import { type PolicyDocument, printDocument } from './document.ts'
import { type ListedPolicy, usePolicy, usePolicyList } from './queries.ts'
import { Rehearsal } from './rehearsal.tsx'
import type { Age, Level } from './search.ts'
import { policiesTexts } from './texts.ts'

/** The policies that name a key: what each says about it, and its rehearsal. */
export function PoliciesOfKey({ keyName }: { readonly keyName: string }) {
  const texts = useTexts(policiesTexts)
  const href = useHref()
  const lists = { domain: usePolicyList('domain').data, project: usePolicyList('project').data }
  const named = (['domain', 'project'] as const).flatMap((level) =>
    (lists[level]?.policies ?? [])
      .filter(({ keys }) => keys.some((each) => isSameKey(each, keyName)))
      .map((policy) => ({ level, policy })),
  )
  if (named.length === 0) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3">
        <p className="text-small text-ink-3">{texts.noPolicyNamesKey}</p>
        <ButtonLink size="small" href={href('policies/new', { key: keyName })}>
          {texts.makePolicyFor}
        </ButtonLink>
      </div>
    )
  }
  return named.map(({ level, policy }) => (
    <PolicyOfKey key={`${level}/${policy.name}`} level={level} policy={policy} keyName={keyName} />
  ))
}

function isSameKey(a: string, b: string): boolean {
  return foldKeyCase(a) === foldKeyCase(b)
}

function PolicyOfKey({
  level,
  policy: { name },
  keyName,
}: {
  readonly level: Level
  readonly policy: ListedPolicy
  readonly keyName: string
}) {
  const texts = useTexts(policiesTexts)
  const href = useHref()
  const { data } = usePolicy(level, name)
  const [age, setAge] = useState<Age>()
  const document = data?.policy as PolicyDocument | undefined
  return (
    <section
      aria-label={texts.policyOf(name, levelName(level, texts))}
      className="flex flex-col gap-3 border-t border-line pt-3"
    >
      <div className="flex items-center justify-between gap-2">
        <h3 className="min-w-0 truncate text-small text-ink-2">{texts.policyOf(name, levelName(level, texts))}</h3>
        <ButtonLink size="small" href={href(pathOf('policies', level, name))}>
          {texts.openPolicy}
        </ButtonLink>
      </div>
      {document !== undefined && (
        <>
          <Rehearsal document={document} age={age} onAge={setAge} isNarrow />
          <pre className="max-h-64 overflow-auto rounded-card border border-line bg-canvas p-3 font-mono text-small whitespace-pre-wrap wrap-anywhere">
            {printDocument(blockOnly(document, keyName))}
          </pre>
        </>
      )}
    </section>
  )
}

/** The policy without its other keys. */
function blockOnly(document: PolicyDocument, key: string): PolicyDocument {
  const tags = (document.tags ?? {}) as PolicyDocument
  return { tags: Object.fromEntries(Object.entries(tags).filter(([name]) => isSameKey(name, key))) }
}

/** The level in words. */
export function levelName(
  level: Level,
  texts: { readonly levelDomain: string; readonly levelProject: string },
): string {
  return level === 'domain' ? texts.levelDomain : texts.levelProject
}
