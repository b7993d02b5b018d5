import { Languages, Monitor, Moon, Sun } from 'lucide-react'
import { LANGUAGE_NAMES, type Language } from '../text/languages.ts'
import { prefer, usePreferences } from '../text/preferences.ts'
import { useTexts } from '../text/texts.ts'
import { Menu } from '../ui/menu.tsx'
import { shellTexts } from './texts.ts'

/** Switches the language. Each is named in itself. */
export function LanguageMenu() {
  const texts = useTexts(shellTexts)
  const { language } = usePreferences()
  const entries = (Object.keys(LANGUAGE_NAMES) as Language[]).map((each) => ({
    id: each,
    label: LANGUAGE_NAMES[each],
    onAction: () => prefer({ language: each }),
  }))
  return (
    <Menu
      label={`${texts.language}: ${LANGUAGE_NAMES[language]}`}
      button={
        <>
          <Languages className="size-4" aria-hidden="true" />
          <span lang={language}>{LANGUAGE_NAMES[language]}</span>
        </>
      }
      entries={entries}
      isArrowHidden
    />
  )
}

const THEMES = { system: Monitor, light: Sun, dark: Moon } as const

/** Switches the theme. */
export function ThemeButton() {
  const texts = useTexts(shellTexts)
  const { theme } = usePreferences()
  const names = { system: texts.themeSystem, light: texts.themeLight, dark: texts.themeDark }
  const Icon = THEMES[theme]
  const entries = (['system', 'light', 'dark'] as const).map((each) => ({
    id: each,
    label: names[each],
    onAction: () => prefer({ theme: each }),
  }))
  return (
    <Menu
      label={`${texts.theme}: ${names[theme]}`}
      button={<Icon className="size-4" aria-hidden="true" />}
      entries={entries}
      isArrowHidden
    />
  )
}
