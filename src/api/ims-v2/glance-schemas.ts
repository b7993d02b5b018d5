import { Type } from 'typebox'
import { NAME_CHARACTERS_MAX, TAG_TEXT_CHARACTERS_MAX } from './limits.ts'
import { MEMBER_STATUSES } from './visible-image.ts'

// The JSON schemas that the `schema` links of images and members refer to, in Glance's form, with the attributes that
// this service stores.

/** The response body of all schema calls. */
export const schemaObject = Type.Object(
  { name: Type.String(), properties: Type.Object({}, { additionalProperties: true }) },
  { additionalProperties: true },
)

const UUID = '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$'

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more })
const readOnlyText = (description: string) => text(description, { readOnly: true })

const DESCRIBED_BY = { href: '{schema}', rel: 'describedby' }

/** An image. Custom attributes are strings. */
export const IMAGE_SCHEMA = {
  name: 'image',
  properties: {
    id: text('The id; can be chosen when the image is made.', { pattern: UUID }),
    name: text('The name.', { maxLength: NAME_CHARACTERS_MAX }),
    owner: readOnlyText('Id of the project that the image belongs to.'),
    status: readOnlyText('How far the image is.'),
    visibility: text('Who sees the image.', { enum: ['private', 'shared', 'public'] }),
    protected: { type: 'boolean', description: 'True: the image cannot be deleted.' },
    tags: {
      type: 'array',
      items: { type: 'string', maxLength: TAG_TEXT_CHARACTERS_MAX },
      description: 'The tags, each as key=value, or as key when the value is empty.',
    },
    os_hidden: { type: 'boolean', description: 'True: the image is only in lists of hidden images.' },
    min_disk: { type: 'integer', description: 'Disk space in GB that the image asks for.' },
    min_ram: { type: 'integer', description: 'Memory in MB that the image asks for.' },
    container_format: text('The format of the container.'),
    disk_format: text('The format of the disk.'),
    virtual_env_type: text('Where the image is meant to run.'),
    size: { type: 'integer', readOnly: true, description: 'Size of the file in bytes.' },
    virtual_size: { type: 'integer', readOnly: true, description: 'Size of the disk in bytes.' },
    checksum: readOnlyText('Checksum of the file.'),
    created_at: readOnlyText('When the image was made.'),
    updated_at: readOnlyText('When the image was last changed.'),
    self: readOnlyText('Path of the image.'),
    file: readOnlyText('Path of the file.'),
    schema: readOnlyText('Path of this schema.'),
  },
  additionalProperties: { type: 'string' },
  links: [{ href: '{self}', rel: 'self' }, { href: '{file}', rel: 'enclosure' }, DESCRIBED_BY],
}

/** A page of images. */
export const IMAGES_SCHEMA = {
  name: 'images',
  properties: {
    images: { type: 'array', items: IMAGE_SCHEMA },
    first: text('Path of the first page.'),
    next: text('Path of the next page; missing on the last.'),
    schema: text('Path of this schema.'),
  },
  links: [{ href: '{first}', rel: 'first' }, { href: '{next}', rel: 'next' }, DESCRIBED_BY],
}

/** A project that an image is shared with. */
export const MEMBER_SCHEMA = {
  name: 'member',
  properties: {
    image_id: text('The id of the image.', { pattern: UUID }),
    member_id: text('The id of the project.'),
    status: text('What the project makes of the image.', { enum: MEMBER_STATUSES }),
    created_at: text('When the image was shared.'),
    updated_at: text('When the status last changed.'),
    schema: readOnlyText('Path of this schema.'),
  },
}

/** The projects that an image is shared with. */
export const MEMBERS_SCHEMA = {
  name: 'members',
  properties: {
    members: { type: 'array', items: MEMBER_SCHEMA },
    schema: text('Path of this schema.'),
  },
  links: [DESCRIBED_BY],
}
