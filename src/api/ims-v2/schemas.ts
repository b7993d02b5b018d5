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

// Untyped, because stored details may be older than the validation of imports.
const attribute = (description: string) => Type.Optional(Type.Unknown({ description }))

/** An image as every other call shows it (contract 2.5). */
export const imageObject = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    owner: Type.String({ description: 'ID of the project that owns the image.' }),
    status: attribute('queued, saving, active, killed or deleted.'),
    visibility: attribute('private, shared or public.'),
    tags: Type.Array(Type.String(), { description: '`key=value`, or `key` for an empty value.' }),
    protected: attribute('Whether the image is protected from deletion.'),
    os_hidden: attribute('Whether GlanceListImages hides the image by default.'),
    min_disk: attribute('Minimum disk size in GB.'),
    min_ram: attribute('Minimum memory in MB.'),
    disk_format: attribute('For example zvhd2.'),
    container_format: attribute('For example bare.'),
    created_at: Type.String({ description: 'Time in UTC, for example 2018-09-06T14:03:27Z.' }),
    updated_at: Type.String(),
    self: Type.String(),
    file: Type.String(),
    schema: Type.String(),
  },
  { additionalProperties: true, description: 'Also contains every custom attribute of the image.' },
)

/** A project that an image is shared with. */
export const memberObject = Type.Object({
  image_id: Type.String(),
  member_id: Type.String({ description: 'ID of the member project.' }),
  status: Type.String({ description: 'pending, accepted or rejected.' }),
  created_at: Type.String(),
  updated_at: Type.String(),
  schema: Type.String(),
})

/** Path parameters of calls on one image. */
export const imageParams = Type.Object({ image_id: Type.String() })

/** Query parameters of calls on one image, own or shared. */
export const ownerQuery = Type.Object({
  owner: Type.Optional(
    Type.String({
      description: 'ID of the project that owns the image. Required when several projects share an image of this ID.',
    }),
  ),
})

/** Path parameters of calls on one image whose path names the project. */
export const projectImageParams = Type.Object({ project_id: Type.String(), image_id: Type.String() })
