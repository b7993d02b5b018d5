import { ApiError } from '../api/client.ts'
import { chineseError } from '../text/chinese-errors.ts'
import { useLanguage } from '../text/language.ts'
import { useTexts } from '../text/texts.ts'
import { uiTexts } from './texts.ts'

/** An error as a reader sees it. */
export type ErrorText = {
  /** In the language of the reader, or in the service's own words. */
  readonly message: string
  /** The service's own words, where the message is in another language: they name the field, the rule and the value. */
  readonly detail?: string
  /** The code of the service; without one what the browser says, or nothing. */
  readonly code: string
  readonly status?: number
  readonly requestId?: string | undefined
}

/** Gives the function that says an error in the language of the reader. A code without a text keeps the service's own words. */
export function useErrorText(): (error: unknown) => ErrorText {
  const language = useLanguage()
  const { noAnswer } = useTexts(uiTexts)
  return (error) => {
    if (!(error instanceof ApiError))
      return { message: error instanceof Error ? error.message : String(error), code: '' }
    if (error.status === 0) return { message: noAnswer, code: error.message }
    const { message, code, status, requestId } = error
    const rest = { code, status, requestId }
    const translated = language === 'zh-CN' ? chineseError(code) : undefined
    return translated === undefined ? { message, ...rest } : { message: translated, detail: message, ...rest }
  }
}

/** An error message with its error code on one line, such as below a field. */
export function ErrorLine({ error }: { readonly error: unknown }) {
  const { message, detail, code } = useErrorText()(error)
  return (
    <>
      {message} {code !== '' && `(${code})`}
      {detail !== undefined && <ServiceWords words={detail} />}
    </>
  )
}

/** The service's own words below their meaning in the language of the reader. */
export function ServiceWords({ words }: { readonly words: string }) {
  return (
    <span lang="en" className="block text-small wrap-anywhere">
      {words}
    </span>
  )
}
