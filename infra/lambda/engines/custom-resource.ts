import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda'
import { reasonOf } from '../../../projections/log.ts'

type Data = { readonly [name: string]: string }

/** CloudFormation: 4,096 bytes a response. */
const LONGEST_REASON = 1_000

const respond = async (url: string, response: CloudFormationCustomResourceResponse): Promise<void> => {
  // The URL is signed for a request without a content type.
  const answer = await fetch(url, { method: 'PUT', headers: { 'Content-Type': '' }, body: JSON.stringify(response) })
  if (!answer.ok) throw new Error(`CloudFormation did not take the response: ${answer.status}`)
}

/**
 * Does the work and tells CloudFormation how it ended, at the URL that it waits at; without a URL (a provider framework waits), by
 * resolving or rejecting. Never leaves CloudFormation waiting.
 */
export const answerCloudFormation = async (
  event: CloudFormationCustomResourceEvent,
  physicalId: string,
  work: () => Promise<Data>,
): Promise<{ readonly PhysicalResourceId: string; readonly Data: Data }> => {
  const { StackId, RequestId, LogicalResourceId, ResponseURL: url } = event
  const told = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: physicalId }
  try {
    const data = await work()
    if (URL.canParse(url)) await respond(url, { ...told, Status: 'SUCCESS', Data: { ...data } })
    return { PhysicalResourceId: physicalId, Data: data }
  } catch (error) {
    if (!URL.canParse(url)) throw error
    await respond(url, { ...told, Status: 'FAILED', Reason: reasonOf(error).slice(0, LONGEST_REASON) })
    return { PhysicalResourceId: physicalId, Data: {} }
  }
}
