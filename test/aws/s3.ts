import { createHash } from 'node:crypto'
import { type Answer, type StandIn, standIn } from './stand-in.ts'

const xml = (status: number, code: string): Answer => ({
  status,
  headers: { 'Content-Type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
})

export type S3StandIn = StandIn & {
  /** By `/bucket/key`. */
  readonly objects: Map<string, Buffer>
  /** Methods that were asked for, in order. */
  readonly asked: string[]
}

const listing = (paths: ReadonlyArray<string>): string =>
  `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><IsTruncated>false</IsTruncated>${paths
    .map((path) => `<Contents><Key>${path.split('/').slice(2).join('/')}</Key></Contents>`)
    .join('')}</ListBucketResult>`

const tagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`

/** An S3 in memory, with conditional writes; it refuses bytes of another SHA-256 than announced. */
export const s3StandIn = async (): Promise<S3StandIn> => {
  const objects = new Map<string, Buffer>()
  const asked: string[] = []
  const service = await standIn(({ method, url, headers, body }) => {
    asked.push(method)
    const path = decodeURIComponent(url.pathname)
    const found = objects.get(path)
    if (url.searchParams.get('list-type') === '2') {
      const keys = [...objects.keys()].filter((key) => key.startsWith(`${path.replace(/\/$/, '')}/`))
      return { status: 200, headers: { 'Content-Type': 'application/xml' }, body: listing(keys) }
    }
    if (method === 'GET') {
      return found ? { status: 200, headers: { ETag: tagOf(found) }, body: found } : xml(404, 'NoSuchKey')
    }
    const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']]
    if (ifNoneMatch === '*' && found) return xml(412, 'PreconditionFailed')
    if (ifMatch !== undefined && (found === undefined || tagOf(found) !== ifMatch))
      return xml(412, 'PreconditionFailed')
    const announced = headers['x-amz-checksum-sha256']
    if (announced !== undefined && announced !== createHash('sha256').update(body).digest('base64'))
      return xml(400, 'BadDigest')
    objects.set(path, body)
    return { status: 200, headers: { ETag: tagOf(body) } }
  })
  return { ...service, objects, asked }
}
