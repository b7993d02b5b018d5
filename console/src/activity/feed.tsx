import { useState } from 'react'
import { type Key, Tree } from 'react-aria-components'
import { useTexts } from '../text/texts.ts'
import { GroupItem } from './group-item.tsx'
import type { Group } from './groups.ts'
import type { ActivitySearch } from './search.ts'
import { activityTexts } from './texts.ts'

/** The groups, newest first; each opens to its resources, and these open their drawer. */
export function Feed({ groups, search }: { readonly groups: readonly Group[]; readonly search: ActivitySearch }) {
  const texts = useTexts(activityTexts)
  const [expanded, setExpanded] = useState<ReadonlySet<Key>>(new Set())
  const toggle = (id: string) => {
    const next = new Set(expanded)
    if (!next.delete(id)) next.add(id)
    setExpanded(next)
  }
  return (
    <Tree
      aria-label={texts.feed}
      selectionMode="none"
      expandedKeys={expanded}
      onExpandedChange={(keys) => setExpanded(keys)}
      className="outline-none"
    >
      {groups.map((group) => (
        <GroupItem
          key={group.id}
          group={group}
          search={search}
          isExpanded={expanded.has(group.id)}
          onToggle={() => toggle(group.id)}
        />
      ))}
    </Tree>
  )
}
