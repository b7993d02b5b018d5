import { useLanguage } from './language.ts'

/** A text, or the function that makes one of its parts. */
type Text = string | ((...parts: never[]) => string)

/** The same texts in another language: none may be missing, and functions take the same parts. */
type InOtherLanguage<T> = { readonly [Name in keyof T]: T[Name] extends string ? string : T[Name] }

/** The texts of one screen in both languages. */
export type Texts<T> = { readonly en: T; readonly 'zh-CN': InOtherLanguage<T> }

/** Declares the texts of a screen. Does not compile if a text is missing in one language. */
export function defineTexts<T extends Readonly<Record<string, Text>>>(en: T, zhCn: InOtherLanguage<T>): Texts<T> {
  return { en, 'zh-CN': zhCn }
}

/** The texts in the reader's language. */
export function useTexts<T>(texts: Texts<T>): InOtherLanguage<T> {
  return texts[useLanguage()] as InOtherLanguage<T>
}
