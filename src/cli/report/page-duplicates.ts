import { data, type Html, html, shownText } from './markup.ts'
import type { PageParts } from './page-parts.ts'
import type { NearGroup } from './report-data.ts'

/** Spellings of a group that are listed. */
const SPELLINGS_MAX = 12

/** Keys and values that are written in several ways. */
export function duplicatesSection(parts: PageParts): Html {
  const { report, texts, numbers } = parts
  const { title, about, none, where, keep, others, affected, more, command } = texts.duplicates
  const { listed, groups } = report.near_duplicates
  if (groups === 0) return html`<section><h2>${title}</h2><p>${none}</p></section>`
  const rest = groups - listed.length
  return html`<section>
<h2>${title}</h2>
<p class="about">${about}</p>
<table>
<thead><tr><th scope="col">${where}</th><th scope="col">${keep}</th><th scope="col">${others}</th><th scope="col" class="num">${affected}</th></tr></thead>
<tbody>${listed.map((group) => row(group, parts))}</tbody></table>
${rest > 0 ? html`<p class="note">${more(numbers.count(rest))}</p>` : undefined}
<p class="note">${command}</p>
</section>`
}

function row({ key, canonical, members, affected, both }: NearGroup, { texts, numbers }: PageParts): Html {
  const { ofKeys, ofValues, both: bothText } = texts.duplicates
  const kept = members.find(({ text }) => text === canonical)?.resources ?? 0
  const others = members.filter(({ text }) => text !== canonical)
  const listed = others
    .slice(0, SPELLINGS_MAX)
    .map(
      ({ text, resources }, i) =>
        html`${i === 0 ? '' : ', '}${data(text, texts.empty)} <span class="faint">(${numbers.count(resources)})</span>`,
    )
  const dots = others.length > SPELLINGS_MAX ? ', …' : ''
  return html`<tr><td class="faint">${key === undefined ? ofKeys : ofValues(shownText(key))}</td>
<th scope="row"><span class="keep">${data(canonical, texts.empty)}</span> <span class="faint">(${numbers.count(kept)})</span></th>
<td>${listed}${dots}${both > 0 ? html`<br><span class="both">${bothText(numbers.count(both))}</span>` : undefined}</td>
<td class="num">${numbers.count(affected)}</td></tr>`
}
