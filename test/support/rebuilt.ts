import { TagIndex } from '../../src/search-index/tag-index.ts'

/** A new index of the resources that another one holds, built from nothing else. */
export function rebuilt(index: TagIndex): TagIndex {
  const anew = new TagIndex()
  for (const slot of index.find({}, 0, index.size).slots) anew.put(index.at(slot))
  return anew
}
