import type { ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components'

export type TabEntry<T extends string> = {
  readonly id: T
  readonly label: string
  /** Behind the label, such as a number. */
  readonly count?: string | undefined
  readonly content: ReactNode
}

/** Tabs with an underline below the chosen one. */
export function Tabs<T extends string>({
  label,
  value,
  onChange,
  tabs,
}: {
  readonly label: string
  readonly value: T
  readonly onChange: (value: T) => void
  readonly tabs: readonly TabEntry<T>[]
}) {
  return (
    <AriaTabs
      selectedKey={value}
      onSelectionChange={(key) => onChange(key as T)}
      className="flex min-h-0 grow flex-col"
    >
      <TabList aria-label={label} className="flex gap-4 border-b border-line px-4">
        {tabs.map(({ id, label: words, count }) => (
          <Tab
            key={id}
            id={id}
            className="flex h-9 cursor-default items-center gap-1 border-b-2 border-transparent text-body text-ink-2 focus-ring-inside data-hovered:text-ink data-selected:border-accent data-selected:font-medium data-selected:text-ink"
          >
            {words}
            {count !== undefined && <span className="text-ink-3 tabular-nums">{count}</span>}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, content }) => (
        <TabPanel key={id} id={id} className="flex min-h-0 grow flex-col overflow-auto focus-ring-inside">
          {content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
