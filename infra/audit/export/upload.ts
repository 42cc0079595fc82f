import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { Job } from './job.ts'
import { MANIFEST } from './manifest.ts'
import { fileKey } from './remote-jobs.ts'

type MadeExport = {
  readonly tenant: string
  readonly id: string
  /** Where its files are. */
  readonly dir: string
  readonly files: Job['files']
}

/** Uploads the files of an export, its manifest last. S3 itself refuses what is not what the manifest says (SHA-256). */
export const uploadExport = async (
  s3: S3Client,
  bucket: string,
  { tenant, id, dir, files }: MadeExport,
): Promise<void> => {
  for (const { name, size, sha256 } of files) {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: fileKey(tenant, id, name),
        Body: createReadStream(join(dir, name)),
        ContentLength: size,
        ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
      }),
    )
  }
  const manifest = await readFile(join(dir, MANIFEST))
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: fileKey(tenant, id, MANIFEST), Body: manifest }))
}
