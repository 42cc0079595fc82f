import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'

/** Where mappings put what they give up: an object a batch. */
export type GivenUpObjects = {
  /** Keys, in no order that means anything. */
  readonly keys: () => AsyncIterable<string>
  readonly read: (key: string) => Promise<string>
  readonly remove: (key: string) => Promise<void>
}

/** All of a bucket of its own. */
export const s3GivenUp = (client: S3Client, Bucket: string): GivenUpObjects => ({
  keys: async function* () {
    for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket })) {
      for (const { Key } of Contents ?? []) if (Key !== undefined) yield Key
    }
  },
  read: async (Key) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
    if (Body === undefined) throw new Error(`${Key} was answered without a body`)
    return Body.transformToString()
  },
  remove: async (Key) => {
    await client.send(new DeleteObjectCommand({ Bucket, Key }))
  },
})
