import type { Texts } from './texts.ts'
import { EN } from './texts-en.ts'
import { ZH } from './texts-zh.ts'

export const LANGUAGES = ['en', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]

/** The words of each language. */
export const TEXTS: Readonly<Record<Language, Texts>> = { en: EN, zh: ZH }
