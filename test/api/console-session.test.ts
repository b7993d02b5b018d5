import { describe, expect, it } from 'vitest'
import { endedCookie, isFromConsole, sessionCookie, sessionToken } from '../../src/api/console-session.ts'

const HTTP = 'http://localhost:8780'
const HTTPS = 'https://tags.example'
const own = { 'x-tagwerk-console': '1', 'sec-fetch-site': 'same-origin' }

describe('a request', () => {
  it.each([
    ['with the header of the console and of the same origin', own, HTTPS, true],
    ['without the header of the console', { 'sec-fetch-site': 'same-origin' }, HTTPS, false],
    ['with another value of that header', { ...own, 'x-tagwerk-console': 'true' }, HTTPS, false],
    ['of another site', { ...own, 'sec-fetch-site': 'cross-site' }, HTTPS, false],
    ['of another host of the same site', { ...own, 'sec-fetch-site': 'same-site' }, HTTPS, false],
    ['that the user typed', { ...own, 'sec-fetch-site': 'none' }, HTTPS, false],
    ['over https without the origin of the fetch', { 'x-tagwerk-console': '1' }, HTTPS, false],
    ['over http without the origin of the fetch', { 'x-tagwerk-console': '1' }, HTTP, true],
    ['over http from its own page', { 'x-tagwerk-console': '1', origin: HTTP }, HTTP, true],
    ['over http from another page', { 'x-tagwerk-console': '1', origin: 'http://evil.example' }, HTTP, false],
    ['over http from another site', { ...own, 'sec-fetch-site': 'cross-site' }, HTTP, false],
  ] as const)('%s is one of the console or not', (_, headers, origin, expected) => {
    expect(isFromConsole(headers, origin)).toBe(expected)
  })
})

describe('the cookie of a session', () => {
  it('is for this host alone over https, and hidden from scripts and other sites in any case', () => {
    expect(sessionCookie('a.b.c', 60, HTTPS)).toBe(
      '__Host-tagwerk-session=a.b.c; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure',
    )
    expect(sessionCookie('a.b.c', 60, HTTP)).toBe(
      'tagwerk-session=a.b.c; Path=/; Max-Age=60; HttpOnly; SameSite=Strict',
    )
    expect(endedCookie(HTTP)).toBe('tagwerk-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict')
  })

  it.each([
    ['alone', 'tagwerk-session=a.b.c', HTTP, 'a.b.c'],
    ['among others', 'x=1; tagwerk-session=a.b.c; y=2', HTTP, 'a.b.c'],
    ['over https', '__Host-tagwerk-session=a.b.c', HTTPS, 'a.b.c'],
    ['set over http and sent over https', 'tagwerk-session=a.b.c', HTTPS, undefined],
    ['of another name', 'not-tagwerk-session=a.b.c', HTTP, undefined],
    ['empty', 'tagwerk-session=', HTTP, undefined],
  ])('is read or not: %s', (_, cookie, origin, expected) => {
    expect(sessionToken({ ...own, cookie }, origin)).toBe(expected)
  })

  it('is not read from a request that is not of the console, or has no cookie', () => {
    expect(sessionToken({ cookie: 'tagwerk-session=a.b.c' }, HTTP)).toBeUndefined()
    expect(sessionToken(own, HTTP)).toBeUndefined()
  })
})
