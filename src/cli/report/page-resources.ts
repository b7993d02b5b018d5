import { data, type Html, html, shownText } from './markup.ts'
import type { PageParts } from './page-parts.ts'
import { bar } from './plots.ts'
import type { ListedResource } from './report-data.ts'

/** Resources without tags: how many of each type, and which. */
export function untaggedSection(parts: PageParts): Html {
  const { report, texts, numbers } = parts
  const { title, about, none, byType, list } = texts.untagged
  const { resources } = report.untagged
  if (resources === 0) return html`<section><h2>${title}</h2><p>${none}</p></section>`
  const types = report.types.filter(({ untagged }) => untagged > 0)
  const ofTypes = types.map(
    ({ type, resources: all, untagged }) =>
      html`<tr><th scope="row">${data(type)}</th><td class="graph">${bar(untagged, all)}</td><td class="num">${numbers.share(untagged, all)}</td><td class="num">${numbers.count(untagged)}</td></tr>`,
  )
  return html`<section>
<h2>${title}</h2>
<p class="about">${about}</p>
<table class="plot"><caption>${byType}</caption>
<thead><tr><th scope="col">${texts.type}</th><th></th><th scope="col" class="num">${texts.share}</th><th scope="col" class="num">${texts.without}</th></tr></thead>
<tbody>${ofTypes}</tbody></table>
${resourceTable(list, report.untagged, parts)}
</section>`
}

/** Some resources, and how many more there are. */
export function resourceTable(
  title: string,
  { listed, more }: { readonly listed: readonly ListedResource[]; readonly more: number },
  { texts, numbers }: PageParts,
): Html {
  const rows = listed.map(
    ({ type, id, name }) =>
      html`<tr><td class="part">${data(type)}</td><th scope="row">${data(name, '–')}</th><td>${data(id)}</td></tr>`,
  )
  return html`<table><caption>${title}</caption>
<thead><tr><th scope="col">${texts.type}</th><th scope="col">${texts.name}</th><th scope="col">${texts.id}</th></tr></thead>
<tbody>${rows}</tbody></table>
${more > 0 ? html`<p class="note">${texts.moreListed(numbers.count(more))}</p>` : undefined}`
}

/** The values of the key of owners, with the resources of each. */
export function ownersSection({ report, texts, numbers }: PageParts): Html {
  const { title, about, noKey, otherKeys, chart, owner: head, nobody, more: moreText } = texts.owners
  const { key, listed, more, without_owner, other_keys } = report.owners
  if (key === null) return html`<section><h2>${title}</h2><p>${noKey}</p></section>`
  const { resources } = report
  // The bars compare owners, so the longest is that of the largest one.
  const most = listed[0]?.resources ?? 0
  const row = (name: Html, count: number, graph: Html | undefined) =>
    html`<tr><th scope="row">${name}</th><td class="graph">${graph}</td><td class="num">${numbers.share(count, resources)}</td><td class="num">${numbers.count(count)}</td></tr>`
  const rows = listed.map(({ owner, resources: count }) => row(data(owner, texts.empty), count, bar(count, most)))
  if (without_owner > 0) rows.push(row(html`<span class="faint">${nobody}</span>`, without_owner, undefined))
  const others = other_keys.slice(0, 8).map((other) => `“${shownText(other)}”`)
  return html`<section>
<h2>${title}</h2>
<p class="about">${about(shownText(key))}${others.length === 0 ? '' : ` ${otherKeys(others.join(', '))}`}</p>
<table class="plot"><caption>${chart}</caption>
<thead><tr><th scope="col">${head}</th><th></th><th scope="col" class="num">${texts.share}</th><th scope="col" class="num">${texts.resources}</th></tr></thead>
<tbody>${rows}</tbody></table>
${more > 0 ? html`<p class="note">${moreText(numbers.count(more))}</p>` : undefined}
</section>`
}
