import { createHash } from 'node:crypto'
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import * as E from 'fp-ts/lib/Either.js'
import { segmentsOf } from './key.ts'
import {
  type ConditionalObjects,
  type ObjectMissing,
  ObjectStorageFault,
  type ObjectTooLarge,
  type Tagged,
} from './port.ts'

/** An engine on this machine takes any credentials, and has no host name for each bucket. */
const local = (endpoint: string): S3ClientConfig => ({
  endpoint,
  forcePathStyle: true,
  region: 'us-east-1',
  credentials: { accessKeyId: 'daybook', secretAccessKey: 'daybook' },
})

/**
 * A client with short timeouts and the SDK's standard retries. It checks no answer's checksum: whoever asked knows which bytes
 * they must be, and an altered object is to be told from a storage that is away.
 */
export const s3Client = (endpoint?: string): S3Client =>
  new S3Client({
    ...(endpoint === undefined ? { forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined } : local(endpoint)),
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: new NodeHttpHandler({ connectionTimeout: 2_000, requestTimeout: 10_000 }),
  })

const fault = (doing: string, cause: unknown): ObjectStorageFault =>
  new ObjectStorageFault(`${doing} failed: ${cause instanceof Error ? cause.message : cause}`, { cause })

const fetched = async (
  client: S3Client,
  bucket: string,
  key: string,
  limit: number,
): Promise<E.Either<ObjectTooLarge, Tagged>> => {
  const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  const { Body: body, ContentLength: size, ETag: tag } = answer
  if (body === undefined || size === undefined) throw new Error('the answer has no body of a known length')
  if (tag === undefined) throw new Error('the answer has no ETag')
  if (size <= limit) return E.right({ bytes: await body.transformToByteArray(), tag })
  // Node gives a stream that would go on arriving.
  if ('destroy' in body) body.destroy()
  return E.left({ _tag: 'ObjectTooLarge', size, limit })
}

/** How S3 says that the object is another, that somebody is just changing it, or that there is none to change. */
const UNMET: ReadonlyArray<number | undefined> = [412, 409, 404]

const isUnmet = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.name !== 'NoSuchBucket' && UNMET.includes(error.$metadata.httpStatusCode)

/**
 * Objects in an S3 bucket. S3 itself refuses bytes that arrive altered (SHA-256). The role needs `s3:ListBucket` beside
 * `s3:GetObject` and `s3:PutObject`: without it S3 answers 403 for a missing object, which looks like a storage that refuses us.
 */
export const s3Objects = (client: S3Client, bucket: string): ConditionalObjects => {
  const put = async (
    key: string,
    bytes: Uint8Array,
    condition: { readonly IfMatch?: string; readonly IfNoneMatch?: '*' } = {},
  ): Promise<void> => {
    const ChecksumSHA256 = createHash('sha256').update(bytes).digest('base64')
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ChecksumSHA256, ...condition }))
  }
  const getTagged = async (key: string, limit: number): Promise<E.Either<ObjectMissing | ObjectTooLarge, Tagged>> => {
    segmentsOf(key)
    try {
      return await fetched(client, bucket, key, limit)
    } catch (error) {
      if (error instanceof NoSuchKey) return E.left({ _tag: 'ObjectMissing', key })
      throw fault(`reading object ${key} from ${bucket}`, error)
    }
  }
  return {
    put: async (key, bytes) => {
      segmentsOf(key)
      await put(key, bytes).catch((error) => {
        throw fault(`writing object ${key} to ${bucket}`, error)
      })
    },
    get: async (key, limit) => E.map(({ bytes }: Tagged) => bytes)(await getTagged(key, limit)),
    getTagged,
    putIf: async (key, tag, bytes) => {
      segmentsOf(key)
      try {
        await put(key, bytes, tag === null ? { IfNoneMatch: '*' } : { IfMatch: tag })
        return true
      } catch (error) {
        if (isUnmet(error)) return false
        throw fault(`changing object ${key} in ${bucket}`, error)
      }
    },
  }
}
