/** The name of a resource in a table, or its id if it has none. */
export function ResourceName({ name, id }: { readonly name: string; readonly id: string }) {
  if (name === '') return <span className="font-mono text-ink-2">{id}</span>
  return <span className="font-medium">{name}</span>
}
