import { data, type Html, html } from './markup.ts'
import type { PageParts } from './page-parts.ts'
import { lines } from './plots.ts'

/** Points that make a line. */
const POINTS_MIN = 2
/** Rows of the table, the newest ones. */
const ROWS_MAX = 13

/** How the share of resources with a tag develops, week by week. Nothing for a service that has not stored two weeks. */
export function trendSection({ report, texts, numbers }: PageParts): Html | undefined {
  const { trend } = report
  if (trend.length < POINTS_MIN) return undefined
  const { title, about, any, day } = texts.trend
  const keys = [...new Set(trend.flatMap((point) => Object.keys(point.keys)))]
  const sharesOf = (tagged: (i: number) => number | undefined) =>
    trend.map(({ resources }, i) => {
      const count = tagged(i)
      return count === undefined || resources === 0 ? undefined : count / resources
    })
  const all = [sharesOf((i) => trend[i]?.tagged), ...keys.map((key) => sharesOf((i) => trend[i]?.keys[key]))]
  const heads = [html`${any}`, ...keys.map((key) => data(key))]
  const rows = trend
    .slice(-ROWS_MAX)
    .map(
      ({ day: at, resources, tagged, keys: of }) =>
        html`<tr><th scope="row">${numbers.day(at)}</th>${[tagged, ...keys.map((key) => of[key])].map(
          (count) => html`<td class="num">${count === undefined ? '–' : numbers.share(count, resources)}</td>`,
        )}</tr>`,
    )
  return html`<section>
<h2>${title}</h2>
<p class="about">${about}</p>
${lines(
  all,
  trend.map((point) => numbers.day(point.day)),
)}
<table><thead><tr><th scope="col">${day}</th>${heads.map((head, i) => html`<th scope="col" class="num"><i class="key-line l${i}"></i>${head}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>
</section>`
}
