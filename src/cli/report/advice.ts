import { shownText } from './markup.ts'
import type { Numbers } from './numbers.ts'
import type { NearGroup, Report } from './report-data.ts'
import type { Texts } from './texts.ts'

/** Steps that a report recommends. */
const STEPS_MAX = 6
const MERGES_MAX = 2
/** A key on at least this share is meant to be complete. */
const MEANT_SHARE = 0.5

/** What to do next, in the order of what it improves. */
export function advice(report: Report, { next, empty }: Texts, numbers: Numbers): readonly string[] {
  const { resources, untagged, owners, coverage, near_duplicates, policy } = report
  const steps: string[] = []
  if (untagged.resources > 0) steps.push(next.tagUntagged(numbers.count(untagged.resources)))
  if (owners.key === null && resources > 0) steps.push(next.chooseOwnerKey)
  if (owners.key !== null && owners.without_owner > 0) {
    steps.push(next.nameOwners(numbers.count(owners.without_owner), shownText(owners.key)))
  }
  const [worst] = policy?.keys ?? []
  if (policy !== null && worst !== undefined && policy.compliant < resources) {
    steps.push(next.keepRules(numbers.count(resources - policy.compliant), shownText(worst.key)))
  }
  for (const group of near_duplicates.listed.slice(0, MERGES_MAX)) steps.push(mergeStep(group, next, empty, numbers))
  const incomplete = coverage.keys.find(
    ({ key, resources: having }) => key !== owners.key && having < resources && having >= resources * MEANT_SHARE,
  )
  if (incomplete !== undefined) {
    const { key, resources: having } = incomplete
    const share = numbers.share(having, resources)
    steps.push(next.completeKey(shownText(key), share, numbers.count(resources - having)))
  }
  const [actor] = report.changes?.actors ?? []
  if (actor !== undefined) steps.push(next.askActor(shownText(actor.name), numbers.count(actor.changes)))
  return steps.slice(0, STEPS_MAX)
}

function mergeStep(
  { key, canonical, members, affected }: NearGroup,
  next: Texts['next'],
  empty: string,
  numbers: Numbers,
): string {
  const others = members.filter(({ text }) => text !== canonical).map(({ text }) => `“${shownText(text, empty)}”`)
  const [kept, listed, count] = [shownText(canonical, empty), others.slice(0, 4).join(', '), numbers.count(affected)]
  return key === undefined
    ? next.mergeSpellings(kept, listed, count)
    : next.mergeValues(shownText(key), kept, listed, count)
}
