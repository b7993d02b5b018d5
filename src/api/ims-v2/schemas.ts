import { Type } from 'typebox'

/** A tag as the image service shows it. */
export const resourceTag = Type.Object({ key: Type.String(), value: Type.String() })

/** An image as a tag query shows it (S1, table 4): all its tags, not only those that matched. */
export const taggedImage = Type.Object({
  resource_id: Type.String(),
  resource_name: Type.String(),
  resource_detail: Type.Object({ status: Type.String() }, { additionalProperties: true }),
  tags: Type.Array(resourceTag),
})

// Untyped, because imported attributes are not type-checked.
const attribute = (description: string) => Type.Optional(Type.Unknown({ description }))

/** An image as every other call shows it (contract 2.5). */
export const imageObject = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    owner: Type.String({ description: 'Id of the project.' }),
    status: attribute('queued, saving, active, killed or deleted.'),
    visibility: attribute('private, shared or public.'),
    tags: Type.Array(Type.String(), { description: '`key=value`, or `key` for an empty value.' }),
    protected: attribute('True: cannot be deleted.'),
    os_hidden: attribute('True: GlanceListImages leaves the image out unless asked for it.'),
    min_disk: attribute('GB.'),
    min_ram: attribute('MB.'),
    disk_format: attribute('Such as zvhd2.'),
    container_format: attribute('bare.'),
    created_at: Type.String({ description: 'UTC, such as 2018-09-06T14:03:27Z.' }),
    updated_at: Type.String(),
    self: Type.String(),
    file: Type.String(),
    schema: Type.String(),
  },
  { additionalProperties: true, description: 'With every other attribute that was given to it.' },
)

/** A project that an image is shared with. */
export const memberObject = Type.Object({
  image_id: Type.String(),
  member_id: Type.String({ description: 'Id of the project.' }),
  status: Type.String({ description: 'pending, accepted or rejected.' }),
  created_at: Type.String(),
  updated_at: Type.String(),
  schema: Type.String(),
})

/** Path of a call about one image of the token's project. */
export const imageParams = Type.Object({ image_id: Type.String() })

/** Query of a call about one image of the project, or one that is shared with it. */
export const ownerQuery = Type.Object({
  owner: Type.Optional(
    Type.String({
      description: 'Id of the project that the image belongs to. Needed when several share an image of this id.',
    }),
  ),
})

/** Path of a call about one image that names the project. */
export const projectImageParams = Type.Object({ project_id: Type.String(), image_id: Type.String() })
