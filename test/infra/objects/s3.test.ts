import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectAttributesCommand } from '@aws-sdk/client-s3'
import { afterAll, describe, expect, test } from 'vitest'
import { ObjectStorageFault } from '../../../infra/objects/port.ts'
import { s3Client, s3Objects } from '../../../infra/objects/s3.ts'
import { conditionalObjectsContract } from '../../contracts/conditional-objects.ts'
import { objectsContract } from '../../contracts/objects.ts'
import { BUCKET, startS3mock } from '../../engines/s3mock.ts'

const dir = mkdtempSync(join(tmpdir(), 'daybook-s3-'))
const engine = await startS3mock(dir)
afterAll(async () => {
  await engine?.stop()
  rmSync(dir, { recursive: true, force: true })
})

describe.runIf(engine !== null)('S3', () => {
  const url = engine?.url ?? ''

  const connect = async () => s3Objects(s3Client(url), BUCKET)
  const away = async () => s3Objects(s3Client('http://127.0.0.1:9'), BUCKET)
  objectsContract('S3', connect, away)
  conditionalObjectsContract('S3', connect, away)

  test('a bucket that is not there is a fault, not a missing object', async () => {
    const objects = s3Objects(s3Client(url), 'no-such-bucket')
    await expect(objects.put('acme/1', new Uint8Array([1]))).rejects.toThrow(ObjectStorageFault)
    await expect(objects.get('acme/1', 1)).rejects.toThrow(ObjectStorageFault)
    await expect(objects.putIf('acme/1', null, new Uint8Array([1]))).rejects.toThrow(ObjectStorageFault)
    await expect(objects.putIf('acme/1', '"tag"', new Uint8Array([1]))).rejects.toThrow(ObjectStorageFault)
  })

  test('S3 keeps the SHA-256 of what was put', async () => {
    const client = s3Client(url)
    await s3Objects(client, BUCKET).put('acme/checked', new TextEncoder().encode('abc'))
    const attributes = await client.send(
      new GetObjectAttributesCommand({ Bucket: BUCKET, Key: 'acme/checked', ObjectAttributes: ['Checksum'] }),
    )
    expect(attributes.Checksum?.ChecksumSHA256).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=')
  })
})
