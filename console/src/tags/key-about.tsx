import type { ReactNode } from 'react'
import { Link } from 'react-aria-components'
import { spellingsOf } from '../clean-up/choice.ts'
import { useNearDuplicates } from '../clean-up/queries.ts'
import { useHref } from '../hrefs.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { TagValue } from '../ui/marks.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { RuleMark } from './key-columns.tsx'
import { type Rule, ruleOf, useRules } from './queries.ts'
import { tagsTexts } from './texts.ts'

/** What else is known of a key: other spellings of it and of its values, and the rule of the policies. */
export function KeyAbout({ of }: { readonly of: string }) {
  const texts = useTexts(tagsTexts)
  return (
    <aside
      aria-label={texts.facts}
      data-region="side"
      className="flex shrink-0 flex-col gap-5 border-line bg-canvas p-4 max-[56rem]:border-t min-[56rem]:w-80 min-[56rem]:overflow-auto min-[56rem]:border-l"
    >
      <Policy of={of} />
      <NearKeys of={of} />
      <NearValues of={of} />
    </aside>
  )
}

function Part({
  title,
  mark,
  children,
}: {
  readonly title: string
  readonly mark?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section aria-label={title} className="flex flex-col gap-1.5">
      <h2 className="flex items-center gap-2 text-body font-semibold">
        {title} {mark}
      </h2>
      {children}
    </section>
  )
}

function NearKeys({ of }: { readonly of: string }) {
  const texts = useTexts(tagsTexts)
  const href = useHref()
  const found = useNearDuplicates(undefined, false)
  const groups = found.data?.groups.filter((group) => spellingsOf(group).some(({ text }) => text === of))
  return (
    <Part title={texts.nearKeys}>
      {found.isError && <ErrorNotice error={found.error} />}
      {groups !== undefined && (
        <Groups groups={groups} none={texts.noNearKeys} href={href('clean-up', kindOf(groups))} />
      )}
    </Part>
  )
}

function NearValues({ of }: { readonly of: string }) {
  const texts = useTexts(tagsTexts)
  const href = useHref()
  const found = useNearDuplicates(of, false)
  const groups = found.data?.groups
  return (
    <Part title={texts.nearValues}>
      {found.isError && <ErrorNotice error={found.error} />}
      {groups !== undefined && (
        <Groups groups={groups} none={texts.noNearValues} href={href('clean-up', { key: of, ...kindOf(groups) })} />
      )}
    </Part>
  )
}

type NearGroups = NonNullable<ReturnType<typeof useNearDuplicates>['data']>['groups']

/** Clean-up opens with the first kind that has a group. */
function kindOf([first]: NearGroups) {
  return { kind: first === undefined || first.kind === 'certain' ? undefined : first.kind }
}

const GROUPS_MAX = 6

function Groups({ groups, none, href }: { readonly groups: NearGroups; readonly none: string; readonly href: string }) {
  const texts = useTexts(tagsTexts)
  const format = useFormat()
  if (groups.length === 0) return <p className="text-small text-ink-2">{none}</p>
  return (
    <>
      <ul className="flex flex-col gap-1.5">
        {groups.slice(0, GROUPS_MAX).map((group) => (
          <li key={group.id} className="flex flex-wrap gap-x-2 text-small">
            {spellingsOf(group).map(({ text, resources }) => (
              <span key={text} className="wrap-anywhere">
                <TagValue value={text} /> <span className="text-ink-3 tabular-nums">{format.number(resources)}</span>
              </span>
            ))}
          </li>
        ))}
      </ul>
      <Link href={href} className="w-fit rounded-mark text-small text-accent focus-ring">
        {texts.toCleanUp}
      </Link>
    </>
  )
}

function Policy({ of }: { readonly of: string }) {
  const texts = useTexts(tagsTexts)
  const whyNot = useWhyNot()
  const rules = useRules()
  const rule = ruleOf(rules.data, of)
  const isRefused = whyNot('tagwerk:policies:get') !== undefined
  return (
    <Part title={texts.policy} mark={<RuleMark rule={rule} />}>
      {rules.isError && <ErrorNotice error={rules.error} />}
      {rule !== undefined && <RuleFacts rule={rule} />}
      {rule === undefined && !rules.isError && (
        <p className="text-small text-ink-2">{isRefused ? texts.whyNoRule : texts.noRule}</p>
      )}
    </Part>
  )
}

function RuleFacts({ rule }: { readonly rule: Rule }) {
  const texts = useTexts(tagsTexts)
  const href = useHref()
  const { tag_key, tag_value, enforced_for, report_required_tag_for, required_on_create } = rule
  return (
    <>
      <dl className="flex flex-col gap-1.5 text-small">
        <Fact name={texts.ruleKey}>
          <span className="font-mono">{tag_key}</span>
        </Fact>
        <Fact name={texts.ruleValues}>
          {tag_value === undefined ? texts.anyValue : <span className="font-mono">{tag_value.join(', ')}</span>}
        </Fact>
        <Fact name={texts.ruleEnforced}>
          <Types types={enforced_for} />
        </Fact>
        <Fact name={texts.ruleRequired}>
          <Types types={report_required_tag_for} />
        </Fact>
      </dl>
      {required_on_create && <p className="text-small text-ink-2">{texts.onCreate}</p>}
      <Link href={href('policies', { key: tag_key })} className="w-fit rounded-mark text-small text-accent focus-ring">
        {texts.toPolicies}
      </Link>
    </>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="w-24 shrink-0 text-ink-2">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  )
}

function Types({ types }: { readonly types: readonly string[] }) {
  const texts = useTexts(tagsTexts)
  const typeName = useTypeName()
  if (types.length === 0) return <span className="text-ink-3">{texts.noTypes}</span>
  return <>{types.map(typeName).join(', ')}</>
}
