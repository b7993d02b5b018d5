import type { Author } from '../../catalog/catalog.ts'
import type { ResourceState } from '../../core/resource.ts'
import { applyEdit, type Edit } from '../../core/resource-edit.ts'
import type { Reply } from '../route.ts'
import { checkDetail } from './image-attributes.ts'
import { toImage } from './image-view.ts'
import type { Images } from './images.ts'

/**
 * Registers a new image and gives its response form. Throws `resource-exists`, and `request-invalid` for a detail that
 * is too large.
 */
export async function registerImage(
  images: Images,
  project: string,
  id: string,
  state: ResourceState,
  author: Author,
): Promise<Pick<Reply, 'revision'> & { readonly body: Readonly<Record<string, unknown>> }> {
  checkDetail(state.detail)
  await images.own.change(project, id, { kind: 'register', state, onlyIfNew: true }, author)
  return showOwn(images, project, id)
}

/** Edits an image and gives its response form. Throws the errors of `OwnImages.change`, and `request-invalid` as above. */
export async function editImage(
  images: Images,
  project: string,
  id: string,
  edit: Edit,
  author: Author,
): Promise<Pick<Reply, 'revision'> & { readonly body: Readonly<Record<string, unknown>> }> {
  const { resource } = await images.own.get(project, id)
  // NOTE: checked before the transaction. Concurrent edits can exceed the limit by their own size.
  checkDetail(applyEdit(resource, edit).detail)
  await images.own.change(project, id, { kind: 'edit', ...edit }, author)
  return showOwn(images, project, id)
}

async function showOwn(images: Images, project: string, id: string) {
  const { revision, resource } = await images.own.get(project, id)
  return { revision, body: toImage({ resource, owner: project, membership: undefined }) }
}
