import { advice } from './advice.ts'
import { type Language, TEXTS } from './languages.ts'
import { Html, html, shownText } from './markup.ts'
import { daysBetween, Numbers } from './numbers.ts'
import { changesSection } from './page-changes.ts'
import { coverageSection } from './page-coverage.ts'
import { duplicatesSection } from './page-duplicates.ts'
import type { PageParts } from './page-parts.ts'
import { policySection } from './page-policy.ts'
import { ownersSection, untaggedSection } from './page-resources.ts'
import { trendSection } from './page-trend.ts'
import type { Report } from './report-data.ts'
import { STYLE } from './style.ts'

// The page must not load or run anything, whatever the tags contain.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

const MARK = new Html(
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="var(--accent)" d="M3 3h11l7 9-7 9H3v-4h9l3.5-5L12 7H3z"/>' +
    '<path fill="var(--accent)" d="M3 10.5h8v3H3z"/></svg>',
)

/** Makes a report a page of HTML: one file, without scripts, that needs no network. */
export function reportPage(report: Report, language: Language): string {
  const texts = TEXTS[language]
  const numbers = new Numbers(texts.locale)
  const parts = { report, texts, numbers }
  const title = texts.title(shownText(report.project.name))
  return html`<!doctype html>
<html lang="${texts.locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<div class="mark">${MARK}Tagwerk</div>
<h1>${title}</h1>
<p class="about">${texts.madeAt(numbers.moment(report.made_at), numbers.count(report.revision))}</p>
</header>
${figures(parts)}
${nextSteps(parts)}
${coverageSection(parts)}
${trendSection(parts)}
${untaggedSection(parts)}
${ownersSection(parts)}
${policySection(parts)}
${duplicatesSection(parts)}
${changesSection(parts)}
${words(parts)}
<footer>${texts.footer} ${texts.printHint}</footer>
</main>
</body>
</html>
`.text
}

function figures({ report, texts: { figures: words }, numbers }: PageParts): Html {
  const { resources, untagged, owners, near_duplicates, policy, changes } = report
  const shown: readonly (readonly [string, string])[] = [
    [numbers.count(resources), words.resources],
    [numbers.share(resources - untagged.resources, resources), words.tagged],
    [
      numbers.share(owners.with_owner, resources),
      owners.key === null ? words.ownedByNone : words.owned(shownText(owners.key)),
    ],
    ...(policy === null ? [] : [[numbers.share(policy.compliant, resources), words.compliant] as const]),
    [numbers.count(near_duplicates.groups), words.duplicates],
    ...(changes === null
      ? []
      : [
          [
            numbers.count(changes.changes),
            words.changes(numbers.count(daysBetween(changes.since, report.made_at))),
          ] as const,
        ]),
  ]
  return html`<dl class="figures">${shown.map(([number, what]) => html`<div><dt>${what}</dt><dd>${number}</dd></div>`)}</dl>`
}

function nextSteps({ report, texts, numbers }: PageParts): Html {
  const steps = advice(report, texts, numbers)
  const { title, about, nothing } = texts.next
  return html`<div class="next" role="region" aria-label="${title}">
<h2>${title}</h2>
${steps.length === 0 ? html`<p>${nothing}</p>` : html`<p class="about">${about}</p><ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`}
</div>`
}

function words({ texts: { words: of } }: PageParts): Html {
  return html`<section>
<h2>${of.title}</h2>
<dl class="words">${of.list.map(([word, meaning]) => html`<dt>${word}</dt><dd>${meaning}</dd>`)}</dl>
</section>`
}
