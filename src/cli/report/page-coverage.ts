import { data, type Html, html } from './markup.ts'
import { percentOf } from './numbers.ts'
import type { PageParts } from './page-parts.ts'
import { bar } from './plots.ts'

/** Types that fit on a page, beside the key and the sum. */
const COLUMNS_MAX = 6
/** Shares in percent from which the next colour begins. Only a complete key has the last one. */
const HEAT_FROM = [1, 25, 50, 75, 100] as const

/** How many resources have each key, and of which types. */
export function coverageSection(parts: PageParts): Html {
  const { report, texts } = parts
  const { title, about, none, more } = texts.coverage
  const { keys, more_keys } = report.coverage
  if (keys.length === 0) return html`<section><h2>${title}</h2><p>${none}</p></section>`
  return html`<section>
<h2>${title}</h2>
<p class="about">${about}</p>
${keyTable(parts)}
${report.types.length > 1 ? heatMap(parts) : undefined}
${more_keys > 0 ? html`<p class="note">${more(parts.numbers.count(more_keys))}</p>` : undefined}
</section>`
}

function keyTable({ report, texts, numbers }: PageParts): Html {
  const { resources, coverage } = report
  const rows = coverage.keys.map(
    ({ key, resources: having }) =>
      html`<tr><th scope="row">${data(key)}</th><td class="graph">${bar(having, resources)}</td><td class="num">${numbers.share(having, resources)}</td><td class="num">${numbers.count(having)}</td></tr>`,
  )
  return html`<table class="plot"><caption>${texts.coverage.chart}</caption>
<thead><tr><th scope="col">${texts.coverage.key}</th><th></th><th scope="col" class="num">${texts.share}</th><th scope="col" class="num">${texts.resources}</th></tr></thead>
<tbody>${rows}</tbody></table>`
}

function heatMap({ report, texts, numbers }: PageParts): Html {
  const { types, coverage, resources } = report
  const shown = types.slice(0, COLUMNS_MAX)
  const more = types.length - shown.length + report.more_types
  const rows = coverage.keys.map(
    ({ key, resources: having, types: of }) =>
      html`<tr><th scope="row">${data(key)}</th>${[
        cell(having, resources),
        ...shown.map(({ type, resources: all }) => cell(of[type] ?? 0, all)),
      ]}</tr>`,
  )
  const heads = shown.map(
    ({ type, resources: all }) =>
      html`<th scope="col">${data(type)}<br><span class="faint">${numbers.count(all)}</span></th>`,
  )
  return html`<h3>${texts.coverage.table}</h3>
<div class="scroll"><table class="heat">
<thead><tr><th scope="col" class="key">${texts.coverage.key}</th><th scope="col">${texts.coverage.all}<br><span class="faint">${numbers.count(resources)}</span></th>${heads}</tr></thead>
<tbody>${rows}</tbody></table></div>
<p class="note">${texts.coverage.legend}${more > 0 ? ` ${texts.coverage.moreTypes(numbers.count(more))}` : ''}</p>`
}

function cell(part: number, whole: number): Html {
  const percent = percentOf(part, whole)
  if (percent === '0') return html`<td class="h0">–</td>`
  const heat = HEAT_FROM.filter((from) => (percent === '<1' ? 1 : Number(percent)) >= from).length
  return html`<td class="h${heat}">${percent}</td>`
}
