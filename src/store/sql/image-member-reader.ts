import type { ImageMember, MemberStatus, SharedImage } from '../../core/image-member.ts'
import { compareCodePoints } from '../../core/text.ts'
import type { Row, SqlConnection } from './sql.ts'

/** Reads of image members over one connection of either engine; see `ImageMemberStore`. */
export function imageMemberReads(db: SqlConnection) {
  return {
    async listImageMembers({ ownerProject, imageId, sequence }: SharedImage): Promise<readonly ImageMember[]> {
      const sql = 'SELECT * FROM image_member WHERE owner_project_id = ? AND image_id = ? AND sequence = ?'
      return (await db.all(sql, ownerProject, imageId, sequence)).map(toImageMember).sort(compareMembers)
    },

    async listSharedImages(memberProject: string, statuses: readonly MemberStatus[]): Promise<readonly ImageMember[]> {
      if (statuses.length === 0) return []
      const sql = `SELECT * FROM image_member WHERE member_project_id = ? AND status IN (${statuses.map(() => '?')})`
      return (await db.all(sql, memberProject, ...statuses)).map(toImageMember).sort(compareMembers)
    },

    async findSharedImages(memberProject: string, imageId: string): Promise<readonly ImageMember[]> {
      // The condition on the status matches every row; it lets the index on member, status and image find the rows
      // directly.
      const sql = `SELECT * FROM image_member
        WHERE member_project_id = ? AND status IN ('pending', 'accepted', 'rejected') AND image_id = ?`
      return (await db.all(sql, memberProject, imageId)).map(toImageMember).sort(compareMembers)
    },
  }
}

// NOTE: sorted here, because the collation of a database may differ from code point order.
function compareMembers(a: ImageMember, b: ImageMember): number {
  return (
    a.createdAtMs - b.createdAtMs ||
    compareCodePoints(a.memberProject, b.memberProject) ||
    compareCodePoints(a.ownerProject, b.ownerProject) ||
    compareCodePoints(a.imageId, b.imageId) ||
    a.sequence - b.sequence
  )
}

function toImageMember(row: Row): ImageMember {
  return {
    ownerProject: String(row.owner_project_id),
    imageId: String(row.image_id),
    sequence: Number(row.sequence),
    memberProject: String(row.member_project_id),
    status: row.status as MemberStatus,
    createdAtMs: Number(row.created_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
  }
}
