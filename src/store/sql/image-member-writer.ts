import type {
  ImageMember,
  ImageMemberVerdict,
  MemberStatus,
  SharedImage,
  ShareLimits,
} from '../../core/image-member.ts'
import { IMAGES } from '../../core/resource-types.ts'
import { PROJECT_NO } from './log-key.ts'
import { lockProjectRow, lockSharedImages } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

const OF_IMAGE = 'owner_project_id = ? AND image_id = ?'
const OF_MEMBER = 'member_project_id = ? AND status = ?'

/** Writes of image members over one connection of either engine; see `ImageMemberStore`. */
export function imageMemberWrites(db: SqlConnection) {
  /** Counts the images of status pending of a project: in total, and of one owner. */
  async function countPending(memberProject: string, ownerProject: string): Promise<{ all: number; ofOwner: number }> {
    const row = await db.get(
      `SELECT COUNT(*) AS number, SUM(CASE WHEN owner_project_id = ? THEN 1 ELSE 0 END) AS of_owner
       FROM image_member WHERE ${OF_MEMBER}`,
      ownerProject,
      memberProject,
      'pending',
    )
    return { all: Number(row?.number), ofOwner: Number(row?.of_owner ?? 0) }
  }

  return {
    async addImageMember(member: ImageMember, limits: ShareLimits): Promise<ImageMemberVerdict> {
      const { ownerProject, imageId, sequence, memberProject, status, createdAtMs, updatedAtMs } = member
      await lockProjectRow(db, ownerProject)
      await lockSharedImages(db, memberProject)
      const image = await db.get(
        `SELECT 1 AS found FROM resource
         WHERE project_no = ${PROJECT_NO} AND resource_type = ? AND resource_id = ? AND sequence = ?`,
        ownerProject,
        IMAGES,
        imageId,
        sequence,
      )
      if (image === undefined) return 'absent'
      const known = await db.get(
        `SELECT 1 AS found FROM image_member WHERE ${OF_IMAGE} AND sequence = ? AND member_project_id = ?`,
        ownerProject,
        imageId,
        sequence,
        memberProject,
      )
      if (known !== undefined) return 'taken'
      const row = await db.get(
        `SELECT COUNT(*) AS number FROM image_member WHERE ${OF_IMAGE} AND sequence = ?`,
        ownerProject,
        imageId,
        sequence,
      )
      if (Number(row?.number) >= limits.membersPerImageMax) return 'full'
      const pending = await countPending(memberProject, ownerProject)
      const isFull = pending.all >= limits.pendingPerMemberMax || pending.ofOwner >= limits.pendingPerOwnerAndMemberMax
      if (isFull) return 'pending-full'
      await db.run(
        `INSERT INTO image_member (owner_project_id, image_id, sequence, member_project_id, status, created_at_ms,
           updated_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ownerProject,
        imageId,
        sequence,
        memberProject,
        status,
        createdAtMs,
        updatedAtMs,
      )
      return 'done'
    },

    async updateImageMember(
      { ownerProject, imageId, sequence }: SharedImage,
      memberProject: string,
      status: MemberStatus,
      atMs: number,
      ofStatusMax: number,
    ): Promise<ImageMemberVerdict> {
      await lockSharedImages(db, memberProject)
      const key = [ownerProject, imageId, sequence, memberProject]
      const ofKey = `${OF_IMAGE} AND sequence = ? AND member_project_id = ?`
      const before = await db.get(`SELECT status FROM image_member WHERE ${ofKey}`, ...key)
      if (before === undefined) return 'absent'
      if (before.status !== status) {
        const same = `SELECT 1 AS found FROM image_member WHERE ${OF_MEMBER} AND image_id = ? LIMIT 1`
        const isTaken = status === 'accepted' && (await db.get(same, memberProject, status, imageId)) !== undefined
        if (isTaken) return 'taken'
        const row = await db.get(
          `SELECT COUNT(*) AS number FROM image_member WHERE ${OF_MEMBER}`,
          memberProject,
          status,
        )
        if (Number(row?.number) >= ofStatusMax) return 'full'
      }
      await db.run(`UPDATE image_member SET status = ?, updated_at_ms = ? WHERE ${ofKey}`, status, atMs, ...key)
      return 'done'
    },

    async removeImageMember(
      { ownerProject, imageId, sequence }: SharedImage,
      memberProject: string,
    ): Promise<ImageMemberVerdict> {
      const row = await db.get(
        `DELETE FROM image_member WHERE ${OF_IMAGE} AND sequence = ? AND member_project_id = ? RETURNING status`,
        ownerProject,
        imageId,
        sequence,
        memberProject,
      )
      return row === undefined ? 'absent' : 'done'
    },
  }
}
