/** Gives the current time in milliseconds since 1970 UTC. A parameter of all code that reads the time, so that tests can set it. */
export type Clock = () => number

/** Gives milliseconds since any moment. Never goes back, unlike `Clock`, so that it is used for waiting times. */
export type MonotonicClock = () => number
