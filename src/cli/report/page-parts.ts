import type { Numbers } from './numbers.ts'
import type { Report } from './report-data.ts'
import type { Texts } from './texts.ts'

/** What every part of a page is made from. */
export type PageParts = { readonly report: Report; readonly texts: Texts; readonly numbers: Numbers }
