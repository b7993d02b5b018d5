import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { type Expression, TRUE } from '../../../src/core/expression/expression.ts'
import { idOf } from '../explore/queries.ts'
import { writeSearch } from '../explore/search.ts'
import { SCREENS, type Screen, useHref } from '../hrefs.ts'
import { textOfFilter } from '../query/chips.ts'
import { withCondition } from '../query/facets.ts'
import { shellTexts } from '../shell/texts.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { ComboList, type ComboOption, useCombo } from '../ui/combo.tsx'
import { useFoundResources, useFoundTags } from './queries.ts'
import { paletteTexts } from './texts.ts'

const KEYS_SHOWN = 5
const VALUES_SHOWN = 8

/** The button in the top bar that finds anything, and its keys: Ctrl K, or Command K. */
export function PaletteButton() {
  const texts = useTexts(paletteTexts)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K"
        onPress={() => setOpen(true)}
        className="flex h-7 w-[22.5rem] min-w-0 shrink items-center gap-2 rounded-control border border-control bg-surface px-2 text-body text-ink-2 focus-ring data-hovered:bg-hover"
      >
        <Search className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
        <span className="grow truncate text-left">{texts.open}</span>
        <kbd className="shrink-0 rounded-mark border border-line bg-canvas px-1 font-sans text-micro text-ink-2 max-facets:hidden">
          Ctrl K
        </kbd>
      </Button>
      <ModalOverlay
        isOpen={isOpen}
        onOpenChange={setOpen}
        isDismissable
        className="fixed inset-0 z-50 flex justify-center bg-shade px-4 pt-[10vh]"
      >
        <Modal className="h-fit w-[36rem] max-w-full rounded-card border border-edge bg-raised shadow-float">
          <Dialog aria-label={texts.open} className="outline-none">
            <Palette onClose={() => setOpen(false)} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  )
}

function Palette({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(paletteTexts)
  const [text, setText] = useState('')
  const { options, isAsked } = useFound(text.trim(), onClose)
  const { fieldProps, onKeyDown, list } = useCombo(options, true, true)
  return (
    <>
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
        <input
          {...fieldProps}
          // biome-ignore lint/a11y/noAutofocus: the dialog is opened to type into its field
          autoFocus
          value={text}
          aria-label={texts.open}
          placeholder={texts.hint}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="h-11 grow bg-transparent text-lead outline-none placeholder:text-ink-3"
        />
      </div>
      <ComboList label={texts.found} options={options} list={list} className="max-h-[50vh] p-1" />
      {isAsked && options.length === 0 && (
        <p role="status" className="px-3 pb-3 text-body text-ink-2">
          {texts.nothing}
        </p>
      )}
    </>
  )
}

/** What has a text: resources, keys, values and pages, each with what taking it does. */
function useFound(text: string, onClose: () => void) {
  const texts = useTexts(paletteTexts)
  const format = useFormat()
  const typeName = useTypeName()
  const href = useHref()
  const { resources, isAsked } = useFoundResources(text)
  const { keys, values } = useFoundTags()
  const screens = useScreenOptions(text, onClose)
  const open = (search: Parameters<typeof writeSearch>[0]) => {
    href.open('explore', writeSearch(search))
    onClose()
  }
  const filtered = (condition: Expression) => open({ filter: textOfFilter(withCondition(TRUE, condition)) })
  const has = (each: string) => text !== '' && each.toLowerCase().includes(text.toLowerCase())
  const found: ComboOption[] = resources.map((resource) => ({
    id: `resource ${idOf(resource)}`,
    name: resource.resource_name || resource.resource_id,
    content: (
      <>
        <span className="font-medium">{resource.resource_name || resource.resource_id}</span>{' '}
        <span className="font-mono text-small text-ink-3">{resource.resource_id}</span>
      </>
    ),
    hint: typeName(resource.resource_type),
    onAction: () => open({ resource: idOf(resource) }),
  }))
  for (const { key, count } of keys.filter((each) => has(each.key)).slice(0, KEYS_SHOWN)) {
    found.push({
      id: `key ${key}`,
      name: key,
      content: <span className="font-mono">{key}</span>,
      hint: texts.key(format.number(count)),
      onAction: () => filtered({ kind: 'has-tag', key }),
    })
  }
  for (const { key, value } of values.filter((each) => has(each.value)).slice(0, VALUES_SHOWN)) {
    found.push({
      id: `value ${key} ${value}`,
      name: value,
      content: <span className="font-mono">{value}</span>,
      hint: texts.value(key),
      onAction: () => filtered({ kind: 'tag-in', key, values: [value] }),
    })
  }
  if (resources.length > 0) {
    found.push({
      id: 'all',
      name: texts.all(text),
      onAction: () => filtered({ kind: 'name-text', method: 'containsFold', text }),
    })
  }
  return { options: [...found, ...screens], isAsked }
}

const NAMES = {
  explore: 'explore',
  compare: 'compare',
  tags: 'tags',
  'clean-up': 'cleanUp',
  plans: 'plans',
  policies: 'policies',
  activity: 'activity',
  admin: 'admin',
} as const satisfies Record<Screen, keyof typeof shellTexts.en>

/** The pages whose name has a text; all of them for the empty text. */
function useScreenOptions(text: string, onClose: () => void): readonly ComboOption[] {
  const texts = useTexts(paletteTexts)
  const names = useTexts(shellTexts)
  const href = useHref()
  return SCREENS.filter((screen) => names[NAMES[screen]].toLowerCase().includes(text.toLowerCase())).map((screen) => ({
    id: `screen ${screen}`,
    name: names[NAMES[screen]],
    hint: texts.screen,
    onAction: () => {
      href.open(screen)
      onClose()
    },
  }))
}
