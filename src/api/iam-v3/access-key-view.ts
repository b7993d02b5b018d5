import { Type } from 'typebox'
import type { AccessKey } from '../../iam/access-keys.ts'
import { isoTime } from '../../iam/token.ts'
import { accountText } from '../account-members.ts'

/** Renders an access key without its secret. */
export function accessKeyView({ accessKey, userId, description, active, createdAtMs }: AccessKey) {
  return {
    access: accessKey,
    user_id: userId,
    status: active ? 'active' : 'inactive',
    create_time: isoTime(createdAtMs),
    description,
  }
}

const members = {
  access: Type.String(),
  user_id: Type.String(),
  status: Type.String(),
  create_time: Type.String(),
  description: Type.String(),
}

export const accessKeySchema = Type.Object(members)
export const newAccessKeySchema = Type.Object({ ...members, secret: Type.String() })

export const accessKeyDescription = Type.Optional(accountText)
