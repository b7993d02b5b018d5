import { Box, Database, HardDrive, Image, Network, Server } from 'lucide-react'
import type { ComponentType } from 'react'

type Icon = ComponentType<{ readonly className?: string; readonly 'aria-hidden': 'true' }>

/** Types with a picture of their own; the others have a box. */
const ICONS: Readonly<Record<string, Icon>> = {
  images: Image,
  instances: Database,
  ecs: Server,
  evs: HardDrive,
  vpcs: Network,
  subnets: Network,
}

/** The picture of a resource type; its name stands beside it. */
export function TypeIcon({ type }: { readonly type: string }) {
  const Icon = ICONS[type] ?? Box
  return <Icon className="size-4 shrink-0 text-ink-3" aria-hidden="true" />
}
