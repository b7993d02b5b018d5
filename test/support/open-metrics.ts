/** A line of a metric: the name with its suffix, the labels, the value. */
export type MetricLine = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A metric family of an OpenMetrics text. */
export type MetricFamily = { readonly type: string; readonly help: string; readonly lines: readonly MetricLine[] }

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
}
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,(?=.)|$)/

/**
 * Parses a text by the rules of OpenMetrics 1.0, as strictly as its text states them: order of lines, one block per family,
 * suffixes by type, unique labels, histograms that are complete, together and ascending, and the end mark.
 */
export function parseOpenMetrics(text: string): ReadonlyMap<string, MetricFamily> {
  if (!text.endsWith('\n# EOF\n')) throw new Error('the text does not end in "# EOF" and a line break')
  const families = new Map<string, MetricFamily & { lines: MetricLine[]; type: string; help: string }>()
  let current: { name: string; family: { lines: MetricLine[]; type: string; help: string } } | undefined
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (keyword !== undefined) {
      if (!NAME.test(name)) throw new Error(`invalid name: ${line}`)
      if (current?.name !== name) {
        if (families.has(name)) throw new Error(`the family ${name} is in two blocks`)
        current = { name, family: { type: '', help: '', lines: [] } }
        families.set(name, current.family)
      }
      const member = keyword === 'HELP' ? 'help' : 'type'
      if (current.family[member] !== '' || current.family.lines.length > 0) throw new Error(`unexpected: ${line}`)
      current.family[member] = rest
      continue
    }
    if (current === undefined) throw new Error(`a line belongs to no family: ${line}`)
    const parsed = parseLine(line)
    const suffixes = SUFFIXES[current.family.type]
    if (suffixes === undefined) throw new Error(`the family ${current.name} has no known type`)
    const { name: familyName } = current
    if (!suffixes.some((suffix) => parsed.name === familyName + suffix)) throw new Error(`wrong suffix: ${line}`)
    current.family.lines.push(parsed)
  }
  for (const [name, { type, lines }] of families) {
    requireUnique(lines)
    if (type === 'counter' && name.endsWith('_total')) throw new Error(`the name of the family ${name} has a suffix`)
    if (type === 'histogram') requireHistograms(name, lines)
  }
  return families
}

/** The value of a line, by its name and some of its labels: the sum over all lines that have them. */
export function sumOf(
  families: ReadonlyMap<string, MetricFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const lines = [...families.values()].flatMap((family) => family.lines).filter((line) => line.name === name)
  const matching = lines.filter((line) => Object.entries(labels).every(([key, value]) => line.labels[key] === value))
  return matching.reduce((sum, { value }) => sum + value, 0)
}

function parseLine(line: string): MetricLine {
  const [, name, labelText = '', valueText] = LINE.exec(line) ?? []
  if (name === undefined || valueText === undefined) throw new Error(`not a line of a metric: ${line}`)
  const labels: Record<string, string> = {}
  for (let rest = labelText; rest !== ''; ) {
    const [whole, label, value] = LABEL.exec(rest) ?? []
    if (whole === undefined || label === undefined || value === undefined) throw new Error(`invalid labels: ${line}`)
    if (label in labels) throw new Error(`a label occurs twice: ${line}`)
    labels[label] = value
    rest = rest.slice(whole.length)
  }
  return { name, labels, value: Number(valueText.replace('Inf', 'Infinity')) }
}

function requireUnique(lines: readonly MetricLine[]): void {
  const keys = lines.map(({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort()]))
  const repeated = keys.find((key, i) => keys.indexOf(key) !== i)
  if (repeated !== undefined) throw new Error(`a line occurs twice: ${repeated}`)
}

/** All lines of one set of labels are together: ascending buckets up to +Inf, then the sum and the count. */
function requireHistograms(name: string, lines: readonly MetricLine[]): void {
  const seen = new Set<string>()
  for (let i = 0; i < lines.length; ) {
    const { le: _le, ...labels } = lines[i]!.labels
    const key = JSON.stringify(labels)
    if (seen.has(key)) throw new Error(`the histogram ${name}${key} is not in one piece`)
    seen.add(key)
    let bound = Number.NEGATIVE_INFINITY
    let count = 0
    for (; lines[i]?.name === `${name}_bucket`; i++) {
      const { labels: own, value } = lines[i]!
      const { le = '', ...others } = own
      const next = Number(le.replace('Inf', 'Infinity'))
      if (JSON.stringify(others) !== key) throw new Error(`the histogram ${name}${key} is interrupted`)
      if (!/^(\d+\.\d+|\+Inf)$/.test(le) || next <= bound || value < count)
        throw new Error(`wrong bucket ${le} in ${name}`)
      bound = next
      count = value
    }
    const [sum, total] = [lines[i++], lines[i++]]
    if (sum?.name !== `${name}_sum` || total?.name !== `${name}_count`) throw new Error(`${name} lacks sum or count`)
    if (bound !== Number.POSITIVE_INFINITY || total.value !== count)
      throw new Error(`${name} lacks +Inf, or counts differ`)
  }
}
