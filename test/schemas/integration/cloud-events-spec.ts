/** Names of attributes are lower-case letters and digits (CloudEvents 1.0, "Naming conventions"); the data are none. */
const NAME = /^[a-z0-9]+$/
const MEMBERS: ReadonlyArray<string> = ['data', 'data_base64']

/** RFC 3339, section 5.6; offsets up to 23:59. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/
const MEDIA_TYPE = /^[^\s/]+\/[^\s/]+$/

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isAttributeValue = (value: unknown): boolean =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 31)

const REQUIRED = { id: isText, source: isText, type: isText, specversion: (value: unknown) => value === '1.0' }
const OPTIONAL = {
  subject: isText,
  dataschema: (value: unknown) => isText(value) && URL.canParse(value),
  datacontenttype: (value: unknown) => isText(value) && MEDIA_TYPE.test(value),
  time: (value: unknown) => isText(value) && TIME.test(value),
}

/** What keeps this from being an event of CloudEvents 1.0 in the JSON format; nothing, if it is one. */
export const faultsOfCloudEvent = (event: { readonly [name: string]: unknown }): ReadonlyArray<string> => [
  ...Object.entries(REQUIRED).flatMap(([name, isValid]) => (isValid(event[name]) ? [] : [name])),
  ...Object.entries(OPTIONAL).flatMap(([name, isValid]) =>
    isValid(event[name] ?? undefined) || event[name] == null ? [] : [name],
  ),
  ...Object.entries(event).flatMap(([name, value]) =>
    MEMBERS.includes(name) || (NAME.test(name) && (value === null || isAttributeValue(value))) ? [] : [name],
  ),
  ...(MEMBERS.every((name) => name in event) ? MEMBERS : []),
]
