import type { Catalog } from '../../catalog/catalog.ts'
import type { Family } from '../route.ts'
import { createImageTag } from './create-image-tag.ts'
import { IMS_ERRORS, imsErrorSchema, renderImsError } from './errors.ts'
import { listImageByTags } from './list-image-by-tags.ts'
import { listImageTags } from './list-image-tags.ts'

/** The image service, IMS v2. */
export function imsV2(catalog: Catalog): Family {
  return {
    name: 'ims-v2',
    title: 'Image Management Service: tags',
    version: 'v2',
    paths: /^\/v2\/|^\/v1\/cloudimages\//,
    errors: IMS_ERRORS,
    renderError: renderImsError,
    errorSchema: imsErrorSchema,
    languages: [],
    hasRevisions: true,
    routes: [createImageTag(catalog), listImageTags(catalog), listImageByTags(catalog)],
  }
}
