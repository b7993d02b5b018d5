import type { Catalog } from '../../catalog/catalog.ts'
import type { Clock } from '../../core/clock.ts'
import type { Profile } from '../../core/profile.ts'
import { IMAGES } from '../../core/resource-types.ts'
import type { ImageMemberStore } from '../../store/image-member-store.ts'
import type { Family } from '../route.ts'
import { addImageTag } from './add-image-tag.ts'
import { batchAddOrDeleteTags } from './batch-add-or-delete-tags.ts'
import { batchDeleteTags } from './batch-delete-tags.ts'
import { createImage } from './create-image.ts'
import { createOrUpdateTags } from './create-or-update-tags.ts'
import { deleteImageTag } from './delete-image-tag.ts'
import { IMS_ERRORS, imsErrorSchema, renderImsError } from './errors.ts'
import { glanceAddImageMember } from './glance-add-image-member.ts'
import { glanceCreateImageMetadata } from './glance-create-image-metadata.ts'
import { glanceCreateTag } from './glance-create-tag.ts'
import { glanceDeleteImage } from './glance-delete-image.ts'
import { glanceDeleteImageMember } from './glance-delete-image-member.ts'
import { glanceDeleteTag } from './glance-delete-tag.ts'
import { glanceDownloadImage } from './glance-download-image.ts'
import { glanceListImageMemberSchemas } from './glance-list-image-member-schemas.ts'
import { glanceListImageMembers } from './glance-list-image-members.ts'
import { glanceListImageSchemas } from './glance-list-image-schemas.ts'
import { glanceListImages } from './glance-list-images.ts'
import { glanceShowImage } from './glance-show-image.ts'
import { glanceShowImageMember } from './glance-show-image-member.ts'
import { glanceShowImageMemberSchemas } from './glance-show-image-member-schemas.ts'
import { glanceShowImageSchemas } from './glance-show-image-schemas.ts'
import { glanceUpdateImage } from './glance-update-image.ts'
import { glanceUpdateImageMember } from './glance-update-image-member.ts'
import { glanceUploadImage } from './glance-upload-image.ts'
import { Images } from './images.ts'
import { listImageByTags } from './list-image-by-tags.ts'
import { listImageTags } from './list-image-tags.ts'
import { listImages } from './list-images.ts'
import { listImagesTags } from './list-images-tags.ts'
import { listTags } from './list-tags.ts'
import { showJob } from './show-job.ts'
import { updateImage } from './update-image.ts'

/** Dependencies of the image service. */
export type ImsParts = {
  readonly catalog: Catalog
  readonly profile: Profile
  readonly members: ImageMemberStore
  readonly clock: Clock
  /** Gives a new UUID. */
  readonly newId: () => string
}

/** The image service: IMS v1 and v2, and the Glance v2 calls that the vendor serves too. */
export function imsV2({ catalog, profile, members, clock, newId }: ImsParts): Family {
  const images = new Images(catalog, members)
  const rules = profile.tagRulesOf(IMAGES)
  return {
    name: 'ims-v2',
    title: 'Image Management Service: images and their tags',
    version: 'v2',
    paths: /^\/v2\/|^\/v1\/(cloudimages|[^/]+\/(jobs|cloudimages))(\/|$|\?)/,
    errors: IMS_ERRORS,
    renderError: renderImsError,
    errorSchema: imsErrorSchema,
    languages: [],
    hasRevisions: true,
    routes: [
      addImageTag(images, rules),
      deleteImageTag(images),
      listImageTags(images),
      batchAddOrDeleteTags(images, rules),
      listImageByTags(catalog),
      listImagesTags(images),
      createOrUpdateTags(images, rules),
      listTags(images),
      batchDeleteTags(images),
      glanceCreateTag(images, rules),
      glanceDeleteTag(images),
      listImages(images),
      updateImage(images, rules),
      createImage(images, rules, newId),
      showJob(images),
      glanceListImages(images),
      glanceShowImage(images),
      glanceCreateImageMetadata(images, rules, newId),
      glanceUpdateImage(images, rules),
      glanceUploadImage(images),
      glanceDownloadImage(images),
      glanceDeleteImage(images),
      glanceAddImageMember(images, clock),
      glanceListImageMembers(images),
      glanceShowImageMember(images),
      glanceUpdateImageMember(images, clock),
      glanceDeleteImageMember(images),
      glanceListImageSchemas(),
      glanceShowImageSchemas(),
      glanceListImageMemberSchemas(),
      glanceShowImageMemberSchemas(),
    ],
  }
}
