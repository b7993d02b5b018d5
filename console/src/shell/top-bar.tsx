import { FolderTree } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-aria-components'
import { useHref } from '../hrefs.ts'
import { PaletteButton } from '../palette/palette.tsx'
import { ChangePassword } from '../session/change-password.tsx'
import { useWhyNot } from '../session/permissions.ts'
import { type Project, useLogOut, useSession } from '../session/session.ts'
import { sessionTexts } from '../session/texts.ts'
import { useTexts } from '../text/texts.ts'
import { Menu } from '../ui/menu.tsx'
import { Mark } from './mark.tsx'
import { LanguageMenu, ThemeButton } from './preference-buttons.tsx'
import { shellTexts } from './texts.ts'

/** The bar at the top: project, search, language, theme, account. */
export function TopBar({ project }: { readonly project: Project }) {
  const texts = useTexts(shellTexts)
  const href = useHref()
  return (
    <header
      data-region="top"
      className="flex h-11 shrink-0 items-center justify-between gap-2 border-b border-line bg-surface px-3"
    >
      <div className="flex min-w-0 items-center gap-2">
        <Link href={href('explore')} className="flex items-center gap-2 rounded-control font-semibold focus-ring">
          <Mark />
          <span className="text-lead max-facets:sr-only">Tagwerk</span>
        </Link>
        <span className="text-ink-3" aria-hidden="true">
          /
        </span>
        <ProjectMenu project={project} label={texts.project} />
      </div>
      <PaletteButton />
      <div className="flex items-center gap-1">
        <LanguageMenu />
        <ThemeButton />
        <AccountMenu label={texts.account} />
      </div>
    </header>
  )
}

function ProjectMenu({ project, label }: { readonly project: Project; readonly label: string }) {
  const { projects } = useSession()
  const href = useHref()
  return (
    <Menu
      label={`${label}: ${project.name}`}
      button={
        <>
          <FolderTree className="size-4 text-ink-3" aria-hidden="true" />
          <span className="max-w-56 truncate text-ink">{project.name}</span>
        </>
      }
      entries={projects.map(({ id, name }) => ({ id, label: name, onAction: () => href.open('explore', {}, name) }))}
    />
  )
}

function AccountMenu({ label }: { readonly label: string }) {
  const { user, domain } = useSession()
  const texts = useTexts(sessionTexts)
  const logOut = useLogOut()
  const [isChanging, setChanging] = useState(false)
  const whyNot = useWhyNot()
  const entries = [
    {
      id: 'change-password',
      label: texts.changePassword,
      why: whyNot('iam:users:updatePassword'),
      onAction: () => setChanging(true),
    },
    { id: 'log-out', label: texts.logOut, onAction: () => logOut.mutate() },
  ]
  return (
    <>
      <Menu
        label={`${label}: ${user.name}, ${domain.name}`}
        button={
          <>
            <span
              className="flex size-5 items-center justify-center rounded-full bg-tint text-micro font-semibold text-accent uppercase before:content-[attr(data-initials)]"
              // Not as text: the name of the button does not have it.
              data-initials={user.name.slice(0, 2)}
              aria-hidden="true"
            />
            <span className="max-w-40 truncate">{user.name}</span>
          </>
        }
        entries={entries}
      />
      {isChanging && <ChangePassword onClose={() => setChanging(false)} />}
    </>
  )
}
