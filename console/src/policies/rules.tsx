import { Link } from 'react-aria-components'
import { pathOf, useHref } from '../hrefs.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { EmptyState } from '../ui/states.tsx'
import { AllowedValues } from './cell-panel.tsx'
import { RuleBadge } from './heat-map.tsx'
import { levelName } from './policies-of-key.tsx'
import type { Effective } from './queries.ts'
import { policiesTexts } from './texts.ts'

/** What all policies demand together, and the settings that do not count. */
export function RulesTab({ effective: { rules, ignored } }: { readonly effective: Effective }) {
  const texts = useTexts(policiesTexts)
  const heads = [texts.key, texts.allowedValues, texts.enforcedFor, texts.requiredFor, texts.requiredOnCreate]
  if (rules.length === 0 && ignored.length === 0) {
    return <EmptyState title={texts.noRules}>{texts.noPolicyHint}</EmptyState>
  }
  return (
    <div className="flex flex-col gap-6 px-4 py-3" data-results>
      <table className="w-full text-body">
        <HeadRow names={heads} />
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.tag_key} className="border-b border-line align-baseline">
              <th scope="row" className="py-1.5 pr-4 text-left font-normal">
                <span className="flex flex-wrap items-center gap-1.5">
                  <span className="font-mono wrap-anywhere">{rule.tag_key}</span>
                  <RuleBadge rule={rule} />
                </span>
              </th>
              <td className="max-w-96 py-1.5 pr-4 text-small">
                <AllowedValues values={rule.tag_value} />
              </td>
              <td className="py-1.5 pr-4">
                <TypeNames types={rule.enforced_for} />
              </td>
              <td className="py-1.5 pr-4">
                <TypeNames types={rule.report_required_tag_for} />
              </td>
              <td className="py-1.5">{rule.required_on_create ? texts.yes : texts.no}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {ignored.length > 0 && <Ignored ignored={ignored} />}
    </div>
  )
}

function Ignored({ ignored }: { readonly ignored: Effective['ignored'] }) {
  const texts = useTexts(policiesTexts)
  const href = useHref()
  return (
    <section aria-label={texts.ignored}>
      <h2 className="text-body font-semibold">{texts.ignored}</h2>
      <p className="pb-2 text-small text-ink-2">{texts.ignoredAbout}</p>
      <table className="w-full text-body">
        <HeadRow names={[texts.name, texts.field, texts.why]} />
        <tbody>
          {ignored.map(({ level, policy, field, message }) => {
            const known = level === 'domain' ? 'domain' : 'project'
            return (
              <tr key={`${level} ${policy} ${field}`} className="border-b border-line align-baseline">
                <th scope="row" className="py-1.5 pr-4 text-left font-normal">
                  <Link
                    href={href(pathOf('policies', known, policy))}
                    className="rounded-mark text-accent focus-ring data-hovered:underline"
                  >
                    {texts.policyOf(policy, levelName(known, texts))}
                  </Link>
                </th>
                <td className="py-1.5 pr-4 font-mono text-small wrap-anywhere">{field}</td>
                <td className="py-1.5 text-warn">{message}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function HeadRow({ names }: { readonly names: readonly string[] }) {
  return (
    <thead className="text-left text-small text-ink-2">
      <tr className="border-b border-line">
        {names.map((name) => (
          <th key={name} scope="col" className="py-1.5 pr-4 font-medium">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** Types as the reader knows them; those that are not registered as they are written. */
function TypeNames({ types }: { readonly types: readonly string[] }) {
  const texts = useTexts(policiesTexts)
  const typeName = useTypeName()
  if (types.length === 0) return <span className="text-small text-ink-3">{texts.nothing}</span>
  return (
    <span className="flex flex-wrap gap-x-2 text-small">
      {types.map((type) => (
        <span key={type} className={typeName(type) === type ? 'font-mono' : ''}>
          {typeName(type)}
        </span>
      ))}
    </span>
  )
}
