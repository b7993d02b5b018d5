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
