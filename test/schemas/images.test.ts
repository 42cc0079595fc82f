import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { Images, Url } from '../../schemas/images.ts'

const accepts = (input: unknown): boolean => E.isRight(Url.decode(input))

test('a URL of http or https is kept as it is spelt', () => {
  fc.assert(
    fc.property(
      fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ['http', 'https'] }),
      (url) => {
        expect(Url.decode(url)).toEqual(E.right(url))
      },
    ),
  )
  for (const url of ['https://h', 'HTTPS://H.example:8443/A.JPG', 'http://[::1]/a', 'http://h/?a=(1)&b=*,;#c']) {
    expect(Url.decode(url)).toEqual(E.right(url))
  }
})

test('what is no absolute http or https URL is refused, also where a lenient parser would mend it', () => {
  for (const input of [
    '',
    'h.example/a.jpg',
    '//h.example/a.jpg',
    'http:h.example',
    'https://',
    'https:///a.jpg',
    'https://?a',
    'ftp://h.example/a',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)//http://h',
    ' https://h.example/a',
    'https://h.example/a ',
    'https://h.example/a b',
    'https://h.example/a\nb',
    'https://h.example\\a',
    'https://h.example/ä',
    'https://h.example/"a"',
    'https://h.example/%zz',
    'https://h.example:99999/a',
    'https://exa mple/a',
    null,
    7,
    ['https://h.example'],
  ]) {
    expect(accepts(input), String(input)).toBe(false)
  }
})

test('a URL has at most 2,048 characters', () => {
  const long = (length: number): string => 'https://h.example/'.padEnd(length, 'a')
  expect(accepts(long(2_048))).toBe(true)
  expect(accepts(long(2_049))).toBe(false)
})

test('a product has at most 20 images', () => {
  const images = (count: number) => Array.from({ length: count }, (_, index) => `https://h.example/${index}`)
  expect(Images.decode(images(20))).toEqual(E.right(images(20)))
  expect(Images.decode([])).toEqual(E.right([]))
  expect(E.isLeft(Images.decode(images(21)))).toBe(true)
})
