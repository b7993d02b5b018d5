/** Gives the time in milliseconds since 1970 UTC. Passed in wherever time matters, so that tests can set it. */
export type Clock = () => number
