import { Type } from 'typebox'

/** Schema of the name of a resource type; `toResourceType` resolves it. */
export const typeName = Type.String({
  description: 'Name or alias of a resource type, such as `images`, `ecs` or `aws_instance`.',
  minLength: 1,
})
