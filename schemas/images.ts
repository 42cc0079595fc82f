import { BoundedArrayType } from './bounded-array.ts'
import { DescribedType } from './text.ts'

const MAX_LENGTH = 2_048
const MAX_IMAGES = 20

/** Scheme, authority, and then what RFC 3986 (section 2) lets stand in a URI: ASCII alone, everything else percent-encoded. */
const HTTP_URI = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/(?=[^/?#])(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$/

/** An absolute http or https URL, kept as it was spelt. */
export const Url = new DescribedType<string>(
  'Url',
  { type: 'string', format: 'uri', maxLength: MAX_LENGTH, pattern: HTTP_URI.source },
  (input) =>
    typeof input === 'string' && input.length <= MAX_LENGTH && HTTP_URI.test(input) && URL.canParse(input)
      ? input
      : undefined,
  `must be an http or https URL of at most ${MAX_LENGTH} characters, percent-encoded`,
)

/** A product's images by URL, in the order in which they are shown. */
export const Images = new BoundedArrayType('Images', Url, 0, MAX_IMAGES)
