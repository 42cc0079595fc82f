import type { AttributeValue as SdkValue } from '@aws-sdk/client-dynamodb-streams'
import type { AttributeValue } from 'aws-lambda'

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

const lambdaValue = (value: SdkValue): AttributeValue => {
  if (value.S !== undefined) return { S: value.S }
  if (value.N !== undefined) return { N: value.N }
  if (value.B !== undefined) return { B: base64(value.B) }
  if (value.BOOL !== undefined) return { BOOL: value.BOOL }
  if (value.NULL !== undefined) return { NULL: value.NULL }
  if (value.M !== undefined) return { M: attributesOf(value.M) }
  if (value.L !== undefined) return { L: value.L.map(lambdaValue) }
  if (value.SS !== undefined) return { SS: value.SS }
  if (value.NS !== undefined) return { NS: value.NS }
  if (value.BS !== undefined) return { BS: value.BS.map(base64) }
  throw new Error(`attribute value of an unknown type: ${Object.keys(value).join(', ')}`)
}

/** Attributes as Lambda gives them to a function: like the SDK's, but binary is base64 text. */
export const attributesOf = (item: { readonly [name: string]: SdkValue }): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, lambdaValue(value)]))
