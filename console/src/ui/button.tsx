import { type ReactNode, useId } from 'react'
import { Button as AriaButton, Link as AriaLink, Tooltip, TooltipTrigger } from 'react-aria-components'
import { Spinner } from './spinner.tsx'

const VARIANTS = {
  /** The one main action of a view. */
  solid: 'bg-accent text-on-accent data-hovered:bg-accent-2 data-pressed:bg-accent-2',
  outline: 'border border-edge bg-surface text-ink data-hovered:bg-hover data-pressed:bg-press',
  quiet: 'text-ink-2 data-hovered:bg-hover data-pressed:bg-press',
  bad: 'border border-bad text-bad bg-surface data-hovered:bg-bad-tint data-pressed:bg-bad-tint',
} as const

const SIZES = {
  control: 'h-7 px-3 gap-1.5 text-body',
  small: 'h-6 px-2 gap-1 text-small',
  /** A square for an icon. */
  icon: 'size-7 justify-center',
} as const

const BASE = 'relative inline-flex items-center rounded-control font-medium whitespace-nowrap cursor-default focus-ring'

type Look = { readonly variant?: keyof typeof VARIANTS | undefined; readonly size?: keyof typeof SIZES | undefined }

function lookOf({ variant = 'outline', size = 'control' }: Look): string {
  return `${BASE} ${VARIANTS[variant]} ${SIZES[size]}`
}

export type ButtonProps = Look & {
  readonly children: ReactNode
  readonly onPress?: (() => void) | undefined
  readonly type?: 'button' | 'submit'
  /** Why it cannot be used now. The button stays in the tab order, so that everybody can find out. */
  readonly why?: string | undefined
  readonly isPending?: boolean
  /** Name for a button without words; also its tooltip. */
  readonly label?: string | undefined
  readonly className?: string
  readonly autoFocus?: boolean
  readonly slot?: string
  readonly 'aria-expanded'?: boolean
  readonly 'aria-haspopup'?: 'menu' | 'listbox' | 'dialog'
}

/** A button. With `why` it does nothing, and says why; while pending it keeps its width. */
export function Button({ children, onPress, why, isPending = false, label, className = '', ...props }: ButtonProps) {
  const { variant, size, ...rest } = props
  const whyId = useId()
  const look = `${lookOf({ variant, size })} ${why === undefined ? '' : 'opacity-45'} ${className}`
  const button = (
    <AriaButton
      {...rest}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(why === undefined ? {} : { 'aria-disabled': true, 'aria-describedby': whyId, type: 'button' as const })}
      isPending={isPending}
      className={look}
      onPress={() => {
        if (why === undefined) onPress?.()
      }}
    >
      <span className={`inline-flex items-center gap-1.5 ${isPending ? 'invisible' : ''}`}>{children}</span>
      {isPending && <Spinner className="absolute inset-0 m-auto" />}
      {why !== undefined && (
        <span id={whyId} hidden>
          {why}
        </span>
      )}
    </AriaButton>
  )
  const hint = why ?? label
  return hint === undefined ? button : <WithTooltip hint={hint}>{button}</WithTooltip>
}

/** A link that looks like a button. */
export function ButtonLink({
  children,
  href,
  label,
  ...look
}: Look & { readonly children: ReactNode; readonly href: string; readonly label?: string }) {
  return (
    <AriaLink href={href} {...(label === undefined ? {} : { 'aria-label': label })} className={lookOf(look)}>
      {children}
    </AriaLink>
  )
}

/** Shows a hint at what is hovered or focused. */
export function WithTooltip({ hint, children }: { readonly hint: string; readonly children: ReactNode }) {
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      {children}
      <Tooltip offset={6} className="max-w-72 rounded-control bg-ink px-2 py-1 text-small text-surface shadow-float">
        {hint}
      </Tooltip>
    </TooltipTrigger>
  )
}
