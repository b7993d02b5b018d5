import { IndexFollower } from '../../src/catalog/index-follower.ts'

// Loaded before a node to break it on purpose: once an index is there, nobody asks the store any more how fresh it is. The
// checker has to notice.

const { fresh } = IndexFollower.prototype
IndexFollower.prototype.fresh = function staleFresh(this: IndexFollower) {
  return this.index === undefined ? fresh.call(this) : Promise.resolve(this.index)
}
