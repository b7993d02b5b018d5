/** The places of the members of a JSON text: from a path such as `tags.env.tag_value.@@assign[1]` to an offset. */
export type MemberPlaces = ReadonlyMap<string, number>

/** Finds where each member and item of a JSON text begins. The text has to be valid. */
export function placesOf(text: string): MemberPlaces {
  const places = new Map<string, number>()
  // The path of each open object or array, and for arrays the number of the next item.
  const open: { readonly path: string; readonly isArray: boolean; item: number }[] = []
  let member: { readonly path: string; readonly at: number } | undefined
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match
    const parent = open.at(-1)
    if (token === ',' || token === ':') continue
    if (token === '}' || token === ']') {
      open.pop()
      continue
    }
    const isName = parent !== undefined && !parent.isArray && member === undefined
    if (isName) {
      member = { path: pathOf(parent.path, JSON.parse(token)), at: match.index }
      places.set(member.path, member.at)
      continue
    }
    const path = member?.path ?? (parent === undefined ? '' : `${parent.path}[${parent.item++}]`)
    member = undefined
    if (!places.has(path)) places.set(path, match.index)
    if (token === '{' || token === '[') open.push({ path, isArray: token === '[', item: 0 })
  }
  return places
}

/** The path of a member as the service writes it in errors and warnings. */
export function pathOf(parent: string, member: string): string {
  if (parent === '') return member
  return /^[\w@-]+$/.test(member) ? `${parent}.${member}` : `${parent}[${JSON.stringify(member)}]`
}

/** The place of the longest beginning of a path that the text has: a member that is missing is in its parent. */
export function placeOf(places: MemberPlaces, path: string): number | undefined {
  for (let end = path; end !== ''; end = shortened(end)) {
    const at = places.get(end)
    if (at !== undefined) return at
  }
  return undefined
}

function shortened(path: string): string {
  return path.replace(/(?:\.[\w@-]+|\["(?:[^"\\]|\\.)*"\]|\[\d+\]|^[^.[]+)$/, '')
}

/** Which line an offset is in, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** The path that an error of the service begins with; undefined if it names none. */
export function pathInMessage(message: string): string | undefined {
  return /(?:^|\s)(tags(?:\.[\w@-]+|\["(?:[^"\\]|\\.)*"\]|\[\d+\])*): /.exec(message)?.[1]
}
