// Stands in for curl in README's blocks, because a bare machine may lack it. Unlike curl it fails on every status from
// 400, so that a call that is refused fails the block. Usage: curl [-X METHOD] [-H HEADER]... [-d DATA] [-fsS] URL

const VALUES = ['-X', '-H', '-d']
const given = process.argv.slice(2)
const options: (readonly [flag: string, value: string])[] = []
let url = ''
for (let at = 0; at < given.length; at++) {
  const argument = given[at] as string
  if (VALUES.includes(argument)) options.push([argument, given[++at] as string])
  else if (argument !== '-fsS') url = argument
}
const all = (flag: string) => options.filter(([name]) => name === flag).map(([, value]) => value)
const [body] = all('-d')
const headers = all('-H').map((header) => header.split(/: (.*)/s, 2) as [string, string])
try {
  const response = await fetch(url, { method: all('-X')[0] ?? 'GET', headers, ...(body !== undefined && { body }) })
  console.log(await response.text())
  if (!response.ok) {
    console.error(`${url}: ${response.status}`)
    process.exitCode = 22
  }
} catch {
  process.exitCode = 7
}
