import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type ExportJobs, type JobBook, jobBook } from '../../audit/export/job.ts'
import { remoteJobs } from '../../audit/export/remote-jobs.ts'
import { trailDocuments } from '../../composition/trail.ts'
import { s3Objects } from '../../objects/s3.ts'
import { newUlid } from '../../ulids.ts'
import type { Told } from '../environment.ts'

/** Seconds for which whoever has asked for a file gets it. */
const DOWNLOAD_WITHIN = 60

/** A function runs for 15 minutes at most, and may be started some minutes late. */
const PATIENCE_MS = 20 * 60_000

const clock = (): Date => new Date()

export const exportBook = (s3: S3Client, bucket: string): JobBook =>
  jobBook(trailDocuments(s3Objects(s3, bucket)), newUlid, clock)

/** Exports that another function makes; they lie in a bucket, to be fetched from there. */
export const exportsOf = (
  s3: S3Client,
  {
    DAYBOOK_EXPORT_BUCKET: bucket,
    DAYBOOK_EXPORT_FUNCTION: name,
  }: Told<'DAYBOOK_EXPORT_BUCKET' | 'DAYBOOK_EXPORT_FUNCTION'>,
): ExportJobs => {
  const lambda = new LambdaClient()
  return remoteJobs({
    book: exportBook(s3, bucket),
    clock,
    patienceMs: PATIENCE_MS,
    start: async (asked) => {
      await lambda.send(
        new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(asked)) }),
      )
    },
    urlOf: async (key) => {
      const get = new GetObjectCommand({ Bucket: bucket, Key: key })
      return new URL(await getSignedUrl(s3, get, { expiresIn: DOWNLOAD_WITHIN }))
    },
  })
}
