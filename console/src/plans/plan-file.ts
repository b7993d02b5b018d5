/** A line without `expect` is planned for the resource as it is. */
export function withoutExpectations(file: string): string {
  const [head = '', ...lines] = file.split('\n').filter((line) => line !== '')
  return `${[head, ...lines.map((line) => JSON.stringify({ ...JSON.parse(line), expect: undefined }))].join('\n')}\n`
}
