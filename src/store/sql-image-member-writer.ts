import type { ImageMember, MemberStatus, SharedImage } from '../core/image-member.ts'
import type { ImageMemberVerdict } from './image-member-store.ts'
import { run, type SqlConnection } from './sql.ts'

const OF_IMAGE = 'owner_project_id = ? AND image_id = ?'

/** The statements that change members of images, over one connection of either engine. See `ImageMemberStore`. */
export function imageMemberWrites(db: SqlConnection) {
  /**
   * Makes additions to a project's images wait for each other, so that what was counted still holds when it is acted on.
   * An engine with one writer has no need of it; the others lock the row, which is there for as long as the project has
   * had a resource.
   */
  function takeTurn(ownerProject: string): Promise<void> {
    return run(db, 'UPDATE project_state SET revision = revision WHERE project_id = ?', ownerProject)
  }

  return {
    async addImageMember(member: ImageMember, membersPerImageMax: number): Promise<ImageMemberVerdict> {
      const { ownerProject, imageId, sequence, memberProject, status, createdAtMs, updatedAtMs } = member
      await takeTurn(ownerProject)
      await run(db, `DELETE FROM image_member WHERE ${OF_IMAGE} AND sequence < ?`, ownerProject, imageId, sequence)
      const known = await db.get(
        `SELECT 1 AS found FROM image_member WHERE ${OF_IMAGE} AND sequence = ? AND member_project_id = ?`,
        ...[ownerProject, imageId, sequence, memberProject],
      )
      if (known !== undefined) return 'taken'
      const row = await db.get(
        `SELECT COUNT(*) AS number FROM image_member WHERE ${OF_IMAGE} AND sequence = ?`,
        ...[ownerProject, imageId, sequence],
      )
      if (Number(row?.number) >= membersPerImageMax) return 'full'
      await run(
        db,
        `INSERT INTO image_member (owner_project_id, image_id, sequence, member_project_id, status, created_at_ms,
           updated_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ...[ownerProject, imageId, sequence, memberProject, status, createdAtMs, updatedAtMs],
      )
      return 'done'
    },

    async updateImageMember(
      { ownerProject, imageId, sequence }: SharedImage,
      memberProject: string,
      status: MemberStatus,
      atMs: number,
    ): Promise<ImageMemberVerdict> {
      const row = await db.get(
        `UPDATE image_member SET status = ?, updated_at_ms = ?
         WHERE ${OF_IMAGE} AND sequence = ? AND member_project_id = ? RETURNING status`,
        ...[status, atMs, ownerProject, imageId, sequence, memberProject],
      )
      return row === undefined ? 'absent' : 'done'
    },

    async removeImageMember(
      { ownerProject, imageId, sequence }: SharedImage,
      memberProject: string,
    ): Promise<ImageMemberVerdict> {
      const row = await db.get(
        `DELETE FROM image_member WHERE ${OF_IMAGE} AND sequence = ? AND member_project_id = ? RETURNING status`,
        ...[ownerProject, imageId, sequence, memberProject],
      )
      return row === undefined ? 'absent' : 'done'
    },
  }
}
