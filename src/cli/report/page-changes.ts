import { data, type Html, html } from './markup.ts'
import type { PageParts } from './page-parts.ts'
import { bar, columns } from './plots.ts'
import type { Changes } from './report-data.ts'

/** What changed lately, by day, user and key. */
export function changesSection(parts: PageParts): Html {
  const { report, texts, numbers } = parts
  const { title, about, shortened, forbidden, none, sum } = texts.changes
  const { changes } = report
  if (changes === null) return html`<section><h2>${title}</h2><p>${forbidden}</p></section>`
  const span = `${about(numbers.moment(changes.since))}${changes.is_shortened ? ` ${shortened}` : ''}`
  if (changes.changes === 0) {
    return html`<section><h2>${title}</h2><p class="about">${span}</p><p>${none}</p></section>`
  }
  const { entered, left, changed } = changes
  const counts = [entered, left, changed].map((count) => numbers.count(count)) as [string, string, string]
  return html`<section>
<h2>${title}</h2>
<p class="about">${span}</p>
<p>${sum(numbers.count(changes.changes), ...counts)}</p>
${perDay(changes, parts)}
<div class="two">${byWhom(changes, parts)}${byKey(changes, parts)}</div>
${changes.looked_at < changes.changes ? html`<p class="note">${texts.changes.lookedAt(numbers.count(changes.looked_at))}</p>` : undefined}
</section>`
}

/** Days whose numbers fit below their columns. */
const DAYS_IN_A_ROW = 14

/** The columns show the shape, the table has the numbers: below its column, or of a long span in rows of its own. */
function perDay({ days }: Changes, { texts, numbers }: PageParts): Html {
  const { perDay: title, day: head, count } = texts.changes
  const isShort = days.length <= DAYS_IN_A_ROW
  const labels = days.map(({ day }) => numbers.day(day))
  const plot = columns(days.map(({ changes }, i) => ({ label: isShort ? undefined : labels[i], value: changes })))
  if (isShort) {
    return html`<h3>${title}</h3>
${plot}
<table class="of-days"><caption class="sr">${title}</caption><thead><tr>${labels.map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody><tr>${days.map(({ changes }) => html`<td>${numbers.count(changes)}</td>`)}</tr></tbody></table>`
  }
  const rows = days.map(({ changes }, i) =>
    changes === 0
      ? html``
      : html`<tr><th scope="row">${labels[i]}</th><td class="num">${numbers.count(changes)}</td></tr>`,
  )
  return html`<h3>${title}</h3>
${plot}
<table><thead><tr><th scope="col">${head}</th><th scope="col" class="num">${count}</th></tr></thead><tbody>${rows}</tbody></table>`
}

function byWhom({ actors, more_actors, looked_at }: Changes, { texts, numbers }: PageParts): Html {
  const rows = actors.map(
    ({ name, changes }) =>
      html`<tr><th scope="row">${data(name)}</th><td class="graph">${bar(changes, looked_at)}</td><td class="num">${numbers.count(changes)}</td></tr>`,
  )
  return html`<div><table class="plot"><caption>${texts.changes.byWhom}</caption>
<thead><tr><th scope="col">${texts.changes.who}</th><th></th><th scope="col" class="num">${texts.changes.count}</th></tr></thead>
<tbody>${rows}</tbody></table>
${more_actors > 0 ? html`<p class="note">${texts.moreListed(numbers.count(more_actors))}</p>` : undefined}</div>`
}

function byKey({ keys, more_keys }: Changes, { texts, numbers }: PageParts): Html {
  const { byKey: title, added, changed, removed } = texts.changes
  const cell = (sign: string, count: number, kind: string) =>
    count === 0 ? html`<td class="num faint">–</td>` : html`<td class="num ${kind}">${sign}${numbers.count(count)}</td>`
  const rows = keys.map(
    (each) =>
      html`<tr><th scope="row">${data(each.key)}</th>${[cell('+', each.added, 'plus'), cell('', each.changed, ''), cell('−', each.removed, 'minus')]}</tr>`,
  )
  return html`<div><table><caption>${title}</caption>
<thead><tr><th scope="col">${texts.coverage.key}</th><th scope="col" class="num">${added}</th><th scope="col" class="num">${changed}</th><th scope="col" class="num">${removed}</th></tr></thead>
<tbody>${rows}</tbody></table>
${more_keys > 0 ? html`<p class="note">${texts.moreListed(numbers.count(more_keys))}</p>` : undefined}</div>`
}
