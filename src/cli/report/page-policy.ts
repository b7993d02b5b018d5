import { problemsOf } from './collect-policy.ts'
import { data, type Html, html } from './markup.ts'
import type { PageParts } from './page-parts.ts'
import { resourceTable } from './page-resources.ts'
import { bar } from './plots.ts'

/** How the resources comply with the tag policies, by key, and the first ones that do not. */
export function policySection(parts: PageParts): Html {
  const { report, texts, numbers } = parts
  const { title, about, none, kept, key, missing, wrongValue, wrongCase, list } = texts.policy
  const { policy, resources } = report
  if (policy === null) return html`<section><h2>${title}</h2><p>${none}</p></section>`
  const broken = policy.keys.filter((one) => problemsOf(one) > 0)
  if (broken.length === 0) return html`<section><h2>${title}</h2><p class="about">${about}</p><p>${kept}</p></section>`
  const cell = (count: number) =>
    count === 0 ? html`<td class="num faint">–</td>` : html`<td class="num">${numbers.count(count)}</td>`
  const rows = broken.map(
    (one) =>
      html`<tr><th scope="row">${data(one.key)}</th><td class="graph narrow">${bar(problemsOf(one), resources)}</td>${[one.missing, one.wrong_value, one.wrong_case].map(cell)}</tr>`,
  )
  return html`<section>
<h2>${title}</h2>
<p class="about">${about}</p>
<table class="plot">
<thead><tr><th scope="col">${key}</th><th></th><th scope="col" class="num">${missing}</th><th scope="col" class="num">${wrongValue}</th><th scope="col" class="num">${wrongCase}</th></tr></thead>
<tbody>${rows}</tbody></table>
${resourceTable(list, policy, parts)}
</section>`
}
