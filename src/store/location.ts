import type { PostgresOptions } from './postgres/client-config.ts'

/** A data folder on this machine. */
type FolderLocation = { readonly engine: 'sqlite'; readonly folder: string }

/** Where a store is, and how it is reached. */
export type StoreLocation =
  | (FolderLocation & {
      /** True: opening the store may put a new, empty one in the place of one that is lost or damaged. */
      readonly foundsAnew?: boolean
      /** True: nothing in the folder outlives the process, so no write waits for the disk. */
      readonly isEphemeral?: boolean
    })
  | ({
      readonly engine: 'postgres'
      /** The URL without the password, for messages. */
      readonly shownUrl: string
      /** True: opening the store migrates its schema. */
      readonly migrates: boolean
    } & PostgresOptions)

/** Where a store is that is copied as a whole. `url` contains the password; `shownUrl` is for messages. */
export type CopyLocation =
  | FolderLocation
  | { readonly engine: 'postgres'; readonly url: string; readonly shownUrl: string }

/** Names a location in a message, without passwords. */
export function describeLocation(location: StoreLocation | CopyLocation): string {
  return location.engine === 'sqlite' ? location.folder : location.shownUrl
}
